# Common settings; every value may be overridden from the environment.
BENCH_DIR="${BENCH_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}"
NS_C="${NS_C:-bcl}"          # client / relay namespace (holds bridge br0)
NS_S1="${NS_S1:-bs1}"        # server 1
NS_S2="${NS_S2:-bs2}"        # server 2
NS_S3="${NS_S3:-bs3}"        # server 3
IP_C="${IP_C:-10.0.0.1}"     # relay address = giaddr
IP_S1="${IP_S1:-10.0.0.2}"
IP_S2="${IP_S2:-10.0.0.3}"
IP_S3="${IP_S3:-10.0.0.4}"
IP_ANY="${IP_ANY:-10.0.0.9}"   # what routing does with the service address: one of the three servers for each client
HA1="${HA1:-192.168.77.1}"   # private server<->server link (p0)
HA2="${HA2:-192.168.77.2}"
HA3="${HA3:-192.168.77.3}"
POOL_LO="${POOL_LO:-10.16.0.0}"
POOL_HI="${POOL_HI:-10.31.255.255}"   # 1048576 addresses
RUN="${RUN:-/tmp/dhcp-bench}"          # state, leases, logs (on the ext4 root)
BENCH_LOCK="${BENCH_LOCK:-/tmp/bench.lock}"
mkdir -p "$RUN"
