#!/usr/bin/env python3
"""What one machine carries: the figures of docs/performance.md.

The machine should do nothing else.

    benches/quiet.py NUMBERD DIRECTORY [--numbers 10000,100000,1000000] [--seconds 3] [--rounds 2]
                     [--peers 100000]

       benches/quiet.py NUMBERD DIRECTORY --lists

NUMBERD is a release build. Makes databases in DIRECTORY (they are used again by the next run and by
benches/side_by_side), serves each in turn, and prints tables in Markdown. With --peers it ends with
the comparison with four other programs at that size. --lists compares page 100 of each list at
100,000 numbers with page 1 at 1,000 and does nothing else; that holds on a busy machine, too.
Needs wrk and Python 3.11, nothing else.
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import re
import socket
import sqlite3
import struct
import subprocess
import threading
import time

INSTANCE = "perf-test"
USER = f"agent01@{INSTANCE}"
GROUP = f"sales@{INSTANCE}"
CITIES = [("四川", "乐山"), ("四川", "成都"), ("浙江", "杭州"), ("上海", "上海"), ("", "")]


def number_of(index):
    """Eleven digits that look random, none of them twice and none a service number."""
    return f"0{5_000_000_000 + (index * 6_180_339_887 + 3_300_000_011) % 5_000_000_000}"


class Program:
    """numberd, at a database of so many numbers."""

    def __init__(self, binary, directory, numbers):
        self.binary, self.numbers = binary, numbers
        self.path = directory / f"sut-{numbers}.db"
        self.token_file = directory / f"sut-{numbers}.db.token"
        self.log = directory / f"serve-{numbers}.log"
        self.process = None

    def run(self, *arguments):
        command = [self.binary, *arguments, "--database", str(self.path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout + done.stderr

    def make(self):
        if self.token_file.exists():
            return
        for left in self.path.parent.glob(self.path.stem + ".*"):
            left.unlink()
        self.run("init")
        self.run("instances", "create", INSTANCE)
        self.run("groups", "create", "sales", "--display-name", "Sales")
        self.run("users", "create", "agent01", "--display-name", "Agent 01")
        fill(self.path, self.numbers)
        said = self.run("token", "create", "root", "--name", "t")
        self.token_file.write_text(re.findall(r"nbd_[A-Za-z0-9_-]+", said)[-1] + "\n")

    def start(self):
        """Serves; returns how long it took to be ready."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [self.binary, "serve", "--database", str(self.path)]
        command += ["--listen", f"127.0.0.1:{self.port}"]
        self.token = self.token_file.read_text().strip()
        environment = os.environ | {"RUST_LOG": "info,numberd::store=debug"}
        with self.log.open("w") as log:
            begun = time.perf_counter()
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        while True:
            try:
                if self.get("/readyz")[0] == 200:
                    return time.perf_counter() - begun
            except OSError:
                pass
            if self.process.poll() is not None:
                raise SystemExit(self.log.read_text())
            time.sleep(0.002)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def send(self, method, path, body=None, connection=None):
        connection = connection or self.connection()
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        reply = connection.getresponse()
        return reply.status, reply.read()

    def get(self, path, connection=None):
        return self.send("GET", path, connection=connection)

    def memory(self, field="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(field + r":\s+(\d+)", status)[1]) / 1024

    def pages(self):
        """The page size, and how many pages the write-ahead log holds since it began anew."""
        header = pathlib.Path(f"{self.path}-shm").read_bytes()[:48]
        size, frames = struct.unpack_from("=HI", header, 14)
        return size, frames


def fill(path, numbers):
    """30 % of the numbers are bound, 10 % personal. The log is left out: a million in minutes."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -400000")
    database.execute("BEGIN")
    logged = database.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '*_logged'"
    ).fetchall()
    for name, _ in logged:
        database.execute(f"DROP TRIGGER {name}")
    texts = [number_of(index) for index in range(numbers)]
    usages = ["Bidirection"] * 9 + ["Outbound"]
    rows = (
        (INSTANCE, text, *CITIES[index % 5], usages[index % 10]) for index, text in enumerate(texts)
    )
    database.executemany(
        "INSERT INTO phone_number (instance_id, number, province, city, usage)"
        " VALUES (?, ?, ?, ?, ?)",
        rows,
    )
    held = lambda low, high: (t for i, t in enumerate(texts) if low <= i % 100 < high)
    database.executemany(
        "INSERT INTO skill_group_number (instance_id, skill_group_id, number) VALUES (?, ?, ?)",
        ((INSTANCE, GROUP, text) for text in held(0, 30)),
    )
    database.executemany(
        "INSERT INTO personal_assignment (instance_id, user_id, number) VALUES (?, ?, ?)",
        ((INSTANCE, USER, text) for text in held(30, 40)),
    )
    for _, sql in logged:
        database.execute(sql)
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def people(path, users, groups):
    """Users who are all in one skill group and have held a number, and more skill groups."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("BEGIN")
    for index in range(users):
        login = f"u{index}"
        user = f"{login}@{INSTANCE}"
        database.execute(
            "INSERT INTO ram_user (ram_id, login_name, display_name) VALUES (?, ?, ?)",
            (str(100_000_000 + index), login, f"User {index}"),
        )
        database.execute(
            "INSERT INTO user (user_id, instance_id, ram_id, display_name, extension)"
            " VALUES (?, ?, ?, ?, ?)",
            (user, INSTANCE, str(100_000_000 + index), f"User {index}", str(10_000 + index)),
        )
        database.execute(
            "INSERT INTO skill_group_member (skill_group_id, user_id, instance_id)"
            " VALUES (?, ?, ?)",
            (GROUP, user, INSTANCE),
        )
    for index in range(groups):
        name = f"g{index}"
        database.execute(
            "INSERT INTO skill_group (skill_group_id, instance_id, name, display_name)"
            " VALUES (?, ?, ?, ?)",
            (f"{name}@{INSTANCE}", INSTANCE, name, f"Group {index}"),
        )
    database.execute("COMMIT")
    database.close()


def lists():
    """Every list, with its searches, filters and orders."""
    instance = f"/api/v1/instances/{INSTANCE}"
    orders = ["number", "city", "usage", "state", "created_at"]
    numbers = ["", "q=083", "q=083+sales", "state=bound", "usage=Outbound", "active=true"]
    numbers += ["city=%E4%B9%90%E5%B1%B1", "usage=Outbound&state=free"]
    numbers += [f"sort={sign}{order}" for order in orders for sign in ("", "-")]
    users = ["", "q=u12", "role=Agent", "active=true", f"skill_group_id={GROUP}"]
    users += ["sort=display_name", "sort=-display_name", "sort=extension", "sort=-created_at"]
    groups = ["", "q=g12", "sort=display_name", "sort=-phone_number_count", "sort=user_count"]
    words = ["", "q=083"]
    found = [("numbers", query) for query in numbers]
    found += [("users", query) for query in users]
    found += [("skill-groups", query) for query in groups]
    found += [("assignments", query) for query in [*words, f"user_id={USER}"]]
    found += [("bindings", query) for query in [*words, f"skill_group_id={GROUP}"]]
    found += [(f"users/{USER}/numbers", query) for query in words]
    candidates = f"users/u1@{INSTANCE}/candidates"
    found += [(candidates, q) for q in [*words, "include=blocked", "include=blocked&q=083"]]
    found += [(f"skill-groups/{GROUP}/users", query) for query in ["", "q=u12"]]
    found += [(f"users/{USER}/history", ""), (f"numbers/{number_of(30)}/history", "")]
    found += [("reservations", ""), ("contact-flows", ""), ("capacity", "")]
    for address, query in found:
        yield f"{address} {query}", f"{instance}/{address}?per_page=10&page={{page}}&{query}"
    for query in ["", f"user_id={USER}", "entity=user", "actor=nobody", "via=ccc"]:
        yield f"changes {query}", f"{instance}/changes?limit=10&{query}"
    ccc = f"/?InstanceId={INSTANCE}&PageNumber={{page}}&PageSize=10&Action="
    for member in ("true", "false"):
        of_user = f"UserId={USER}&IsMember={member}"
        of_group = f"SkillGroupId={GROUP}&IsMember={member}"
        for of, action in [
            (of_user, "ListPersonalNumbersOfUser"),
            (of_group, "ListPhoneNumbersOfSkillGroup"),
            (of_group, "ListUserLevelsOfSkillGroup"),
            (of_user, "ListSkillLevelsOfUser"),
        ]:
            yield f"{action} {member}", f"{ccc}{action}&{of}"
    for action in ["ListPhoneNumbers", "ListUsers", "ListSkillGroups", "ListInstancesOfUser"]:
        yield action, f"{ccc}{action}"
    yield "ListPhoneNumbers Usage", f"{ccc}ListPhoneNumbers&Usage=Outbound"


def growth(binary, directory):
    """What grows: page 100 at 100,000 numbers against page 1 at 1,000, less a request's cost."""
    programs = []
    for numbers, users, groups in [(1_000, 50, 5), (100_000, 5_000, 500)]:
        program = Program(binary, directory, numbers)
        program.path = directory / f"lists-{numbers}.db"
        program.token_file = directory / f"lists-{numbers}.db.token"
        if not program.token_file.exists():
            program.make()
            people(program.path, users, groups)
        program.start()
        indexed(program)
        programs.append((program, program.connection()))

    def best(path, page, times=25):
        """The shortest time of each program, asked by turns."""
        least = [float("inf"), float("inf")]
        for _ in range(times):
            for at, (program, connection) in enumerate(programs):
                begun = time.perf_counter()
                status, body = program.get(path.format(page=page[at]), connection)
                least[at] = min(least[at], time.perf_counter() - begun)
                if status != 200:
                    raise SystemExit(f"{path}: {status} {body.decode()}")
        return least

    print("| list | 1,000, page 1, µs | 100,000, page 1 | 100,000, page 100 | grows |")
    print("|---|---|---|---|---|")
    try:
        nothing = min(best("/healthz", (1, 1), 200))
        for name, path in lists():
            small, first = (value - nothing for value in best(path, (1, 1)))
            large = first if "page}" not in path else best(path, (1, 100))[1] - nothing
            small, first, large = (max(1, value * 1e6) for value in (small, first, large))
            mark = f"{large / small:.1f}" + (", grows" if large > 3 * small else "")
            print(f"| {name} | {small:,.0f} | {first:,.0f} | {large:,.0f} | {mark} |", flush=True)
    finally:
        for program, _ in programs:
            program.stop()


def works():
    """What is asked: a name, an address, the goal as a share of a static reply."""
    ccc = f"/?Action=ListPersonalNumbersOfUser&InstanceId={INSTANCE}&UserId={USER}&IsMember=false"
    ccc += "&PageNumber=1&PageSize=10"
    rest = f"/api/v1/instances/{INSTANCE}/numbers?per_page=10"
    seven = number_of(99)[3:10]
    facets = "&facets=state,city,usage,active,provider,skill_group,tag,contact_flow"
    return [
        ("static reply (`/healthz`)", "/healthz", None),
        ("assignable list", ccc, 0.30),
        ("the same, `83`", f"{ccc}&SearchPattern=83", 0.25),
        ("the same, `083`", f"{ccc}&SearchPattern=083", 0.25),
        ("the same, seven digits", f"{ccc}&SearchPattern={seven}", 0.25),
        ("REST numbers", rest, 0.20),
        ("REST numbers, `q=083`", f"{rest}&q=083", 0.15),
        ("REST numbers, two words", f"{rest}&q=083+sales", 0.15),
        ("REST numbers by city", f"{rest}&sort=city", 0.20),
        ("REST numbers, a filter", f"{rest}&usage=Outbound&state=free", None),
        ("the same with eight facets", f"{rest}&usage=Outbound&state=free{facets}", None),
        ("REST change log", f"/api/v1/instances/{INSTANCE}/changes?limit=10", None),
    ]


def load(program, address, seconds):
    """Requests a second of 32 connections."""
    url = f"http://127.0.0.1:{program.port}{address}"
    header = f"Authorization: Bearer {program.token}"
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--timeout", "20s", "-H", header, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{address}: {said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def indexed(program):
    """The first search, and how long after it searches are answered from memory."""
    path = f"/api/v1/instances/{INSTANCE}/numbers?per_page=10&q=083"
    begun = time.perf_counter()
    program.get(path)
    first = time.perf_counter() - begun
    while "numbers were indexed" not in program.log.read_text():
        time.sleep(0.005)
    return first, time.perf_counter() - begun


def writes(program, times=200):
    """Pages and bytes in the write-ahead log, and milliseconds, for each kind of write."""
    chosen = random.sample(range(program.numbers), min(program.numbers, times * 4))
    free = [number_of(i) for i in chosen if i % 100 >= 40][:times]
    new = [number_of(i) for i in random.sample(range(2_000_000, 1_000_000_000), times)]
    numbers = f"/api/v1/instances/{INSTANCE}/numbers"
    held = f"/api/v1/instances/{INSTANCE}/users/{USER}/numbers"
    kinds = [
        ("add one number", [("POST", numbers, {"number": text}) for text in new]),
        ("assign", [("PUT", f"{held}/{text}", None) for text in free]),
        ("release", [("DELETE", f"{held}/{text}", None) for text in free]),
    ]
    connection = program.connection()
    for name, requests in kinds:
        written, spent = [], []
        for request in requests:
            size, before = program.pages()
            begun = time.perf_counter()
            status, body = program.send(*request, connection=connection)
            spent.append(time.perf_counter() - begun)
            if status >= 300:
                raise SystemExit(f"{request}: {status} {body.decode()}")
            after = program.pages()[1]
            # A log that began anew in between holds this write alone.
            written.append(after - before if after > before else after)
        pages = sum(written) / len(written)
        yield name, pages, pages * (size + 24), sorted(spent)[len(spent) // 2] * 1000


def together(program, clients=32, each=20):
    """Writes a second of many clients at once, and of one."""
    free = [number_of(i) for i in range(program.numbers) if i % 100 >= 40][: clients * each]
    held = f"/api/v1/instances/{INSTANCE}/users/{USER}/numbers"

    def work(texts):
        connection = program.connection()
        for text in texts:
            for method in ("PUT", "DELETE"):
                status, body = program.send(method, f"{held}/{text}", connection=connection)
                if status >= 300:
                    raise SystemExit(f"{method} {text}: {status} {body.decode()}")

    begun = time.perf_counter()
    work(free[:each])
    alone = 2 * each / (time.perf_counter() - begun)
    threads = [
        threading.Thread(target=work, args=(free[i * each : (i + 1) * each],))
        for i in range(clients)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return alone, 2 * clients * each / (time.perf_counter() - begun)


def a_range(program):
    """Seconds for 1,000 numbers more in one transaction, rehearsed; the best of three."""
    body = {"start": "+49833000000", "count": 1_000, "dry_run": True}
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        status, said = program.send("POST", f"/api/v1/instances/{INSTANCE}/numbers:range", body)
        spent.append(time.perf_counter() - begun)
        if status >= 300:
            raise SystemExit(f"a range: {status} {said.decode()}")
    return min(spent)


def measure(program, seconds, rounds):
    """Everything about one size, as lines of Markdown."""
    ready = program.start()
    idle = program.memory()
    first, made = indexed(program)
    best = {}
    for _ in range(rounds):
        for name, address, _ in works():
            best[name] = max(best.get(name, 0), load(program, address, seconds))
    memory = program.memory("VmHWM")
    one, many = together(program)
    written = list(writes(program))
    ranged = a_range(program)
    program.stop()
    size = program.path.stat().st_size / 1024**2
    static = best["static reply (`/healthz`)"]
    facets = best["REST numbers, a filter"] / best["the same with eight facets"]
    lines = [
        f"| {name} | {best[name]:,.0f} | {best[name] / static:.3f} | {goal or ''} |"
        for name, _, goal in works()
    ]
    facts = [
        ("ready after a start, s", f"{ready:.2f}", "1"),
        ("first search, by SQL, ms", f"{first * 1000:.0f}", ""),
        ("searches are answered from memory after, s", f"{made:.2f}", ""),
        ("memory (RSS) before / most under load, MB", f"{idle:.0f} / {memory:.0f}", "256"),
        ("the file, MB", f"{size:.0f}", ""),
        ("a filter with eight facets, times the list without them", f"{facets:.1f}", "2"),
        ("writes a second, one client / 32", f"{one:,.0f} / {many:,.0f}", ""),
        ("1,000 numbers more in one transaction, s", f"{ranged:.2f}", ""),
    ]
    lines += ["", "| | measured | goal |", "|---|---|---|"]
    lines += [f"| {name} | {value} | {goal} |" for name, value, goal in facts]
    lines += ["", "| write | pages | WAL, KB | ms | goal, KB |", "|---|---|---|---|---|"]
    for name, pages, count, spent in written:
        goal = "45" if name.startswith("add") else ""
        lines.append(f"| {name} | {pages:.1f} | {count / 1000:.1f} | {spent:.1f} | {goal} |")
    return best, lines


def main():
    """Measures each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numberd", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("directory", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--numbers", default="10000,100000,1000000")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", type=int)
    parser.add_argument("--lists", action="store_true")
    chosen = parser.parse_args()
    chosen.directory.mkdir(parents=True, exist_ok=True)
    if chosen.lists:
        growth(chosen.numberd, chosen.directory)
        return
    found = {}
    for numbers in map(int, chosen.numbers.split(",")):
        begun = time.perf_counter()
        program = Program(chosen.numberd, chosen.directory, numbers)
        program.make()
        filled = time.perf_counter() - begun
        try:
            found[numbers], lines = measure(program, chosen.seconds, chosen.rounds)
        finally:
            if program.process and program.process.poll() is None:
                program.stop()
        spent = time.perf_counter() - begun
        print(f"\n## {numbers:,} numbers\n", flush=True)
        print("| work | requests/s | share of a static reply | goal |\n|---|---|---|---|")
        print("\n".join(lines), flush=True)
        print(f"\n({filled:.0f} s to make the database, {spent:.0f} s in all)", flush=True)
    if len(found) > 1:
        smallest, largest = min(found), max(found)
        print(f"\n## {largest:,} numbers against {smallest:,}\n")
        print("| work | rate | goal |\n|---|---|---|")
        for name, _, goal in works()[1:]:
            share = lambda size: found[size][name] / found[size]["static reply (`/healthz`)"]
            least = "0.9" if goal else ""
            print(f"| {name} | {share(largest) / share(smallest):.2f} | {least} |")
    if chosen.peers:
        script = pathlib.Path(__file__).parent / "side_by_side/side_by_side.sh"
        command = [script, chosen.numberd, chosen.directory, str(chosen.seconds), str(chosen.peers)]
        print(f"\n## Side by side, {chosen.peers:,} numbers\n", flush=True)
        subprocess.run(list(map(str, command)), check=True, env=os.environ | {"ROUNDS": "1 2 3"})


if __name__ == "__main__":
    main()
