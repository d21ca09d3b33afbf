# numberd in a container. docs/operating.md says how a database is made and served with it.

# The image has the C compiler that the bundled SQLite and the allocator need.
FROM rust:1.92-slim-bookworm AS build
WORKDIR /src
# The allocator is built with make.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY Cargo.toml Cargo.lock .clippy.toml ./
COPY .cargo .cargo
COPY data data
COPY migrations migrations
COPY src src
COPY templates templates
COPY locales locales
COPY assets assets
COPY benches benches
COPY seed.sql ./
# Cargo wants every target of Cargo.toml to be there; the tests are not built.
RUN mkdir -p tests/api && echo 'fn main() {}' > tests/api/main.rs && cargo build --locked --release --bin numberd
COPY packaging/licences packaging/
RUN packaging/licences >licences

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin numberd \
    && install -d -o numberd -g numberd -m 0700 /data /keys
COPY LICENSE-MIT LICENSE-APACHE data/numbering_plan/NOTICE /usr/share/doc/numberd/
COPY --from=build /src/licences /usr/share/doc/numberd/licences
COPY --from=build /src/target/release/numberd /usr/local/bin/numberd
# By number, so that an orchestrator can see that it is not root.
USER 10001
WORKDIR /data
# The key file lies outside the database's volume: a backup of the one without the other gives no secret away.
ENV NUMBERD_DATABASE=/data/numberd.db \
    NUMBERD_KEY_FILE=/keys/numberd.key \
    NUMBERD_LISTEN=0.0.0.0:8080 \
    NUMBERD_LOG_FORMAT=json
VOLUME ["/data", "/keys"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["numberd", "healthcheck"]
# The program stops gracefully on SIGTERM, which `docker stop` sends, within its ten seconds.
ENTRYPOINT ["numberd"]
CMD ["serve"]
