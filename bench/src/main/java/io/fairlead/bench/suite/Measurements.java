package io.fairlead.bench.suite;

import static io.fairlead.bench.suite.Measurement.Where.HOST;
import static io.fairlead.bench.suite.Measurement.Where.LAB_KERNEL;
import static io.fairlead.bench.suite.Measurement.Where.WITH_KUBE_PROXY;

import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import java.util.List;

/**
 * The table of all measurements, in the order in which they run. To add one, add its line: its
 * subcommand has to write its cells with --json. All lines together stay below half an hour, and
 * the quick ones below three minutes.
 */
final class Measurements {

  /** The table: name, what it needs; seconds and command line of the whole and the quick run. */
  static final List<Measurement> ALL =
      List.of(
          line(
              "rules",
              HOST,
              300,
              "rules --backend nftables --grid --change all --changes 30 --rounds 2"
                  + " --what rule-update,event-to-kernel,first-sync,restart",
              10,
              "rules --backend nftables,iptables --services 1000 --endpoints 10 --changes 20"),
          line(
              "rules-iptables",
              HOST,
              80,
              "rules --backend iptables,iptables-legacy --services 1000 --change all --changes 20"
                  + " --rounds 1 --seconds 20"),
          line(
              "rules-rivals",
              HOST,
              100,
              "rules --backend all --services 1000 --change all --rivals --changes 10"
                  + " --rival-changes 3 --rounds 1"
                  + " --what record-to-traffic,event-to-kernel,first-sync,restart",
              20,
              "rules --backend all --what event-to-kernel,first-sync,restart --services 1000"
                  + " --changes 20 --rivals --rival-changes 3"),
          line(
              "rules-rivals-10000",
              HOST,
              190,
              "rules --backend all --services 10000 --rivals --changes 30 --rival-changes 3"
                  + " --rounds 1 --what event-to-kernel,first-sync,restart"),
          line(
              "rules-ipvs",
              LAB_KERNEL,
              110,
              "rules --backend ipvs --what rule-update,event-to-kernel,first-sync,restart"
                  + " --change replaced,scaled,added,deleted,rolled --services 1000 --changes 20"),
          line(
              "rules-ipvs-rivals",
              LAB_KERNEL,
              90,
              "rules --backend ipvs --what event-to-kernel,first-sync --services 200 --changes 20"
                  + " --rivals --rival-changes 3 --rounds 1"),
          line(
              "kube-proxy",
              WITH_KUBE_PROXY,
              300,
              "kube-proxy --modes nftables,iptables,iptables-legacy --services 1000,10000",
              60,
              "kube-proxy --modes nftables --services 100 --changes 10 --rounds 1"),
          line(
              "policy",
              HOST,
              110,
              "policy --what policy-update,policy-event-to-kernel,first-sync --changes 30"
                  + " --rival-changes 1",
              15,
              "policy --what policy-event-to-kernel,first-sync --pods 2000 --local 20"
                  + " --policies 200 --changes 10 --rival-changes 3"),
          line(
              "cni",
              HOST,
              210,
              "cni",
              10,
              "cni --pods 5 --parallel 10 --rounds 1 --services 0 --rules 0"),
          line("overlay", HOST, 20, "overlay", 5, "overlay --nodes 100 --rounds 5"),
          line(
              "datapath",
              HOST,
              150,
              "datapath --services 1,10000 --rounds 10",
              20,
              "datapath --backend nftables --services 1,1000 --policies 0,100 --rounds 1"),
          line(
              "memory",
              HOST,
              90,
              "memory --backend nftables,iptables --rounds 2",
              15,
              "memory --services 1000 --rounds 1"),
          line(
              "effort",
              HOST,
              20,
              "effort --backend nftables --services 10000 --endpoints 2 --agent",
              5,
              "effort --small"),
          line("start", HOST, 20, "start --starts 3", 15, "start --starts 1"),
          line(
              "ffi",
              HOST,
              60,
              "ffi",
              10,
              "ffi --starts 1 --rounds 1 --iterations 2 --millis 100 --compiler C1"),
          line("micro", HOST, 110, "micro", 5, "micro --quick --only Element"));

  private Measurements() {}

  private static Measurement line(
      String name, Where where, int seconds, String line, int quickSeconds, String quickLine) {
    return new Measurement(name, where, Run.of(seconds, line), Run.of(quickSeconds, quickLine));
  }

  /** One that is not in the quick run. */
  private static Measurement line(String name, Where where, int seconds, String line) {
    return new Measurement(name, where, Run.of(seconds, line), null);
  }
}
