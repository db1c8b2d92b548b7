package io.fairlead.bench.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.policy.PathPolicies.Enforcer;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.ServiceRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DatapathWholeTest {

  private static final ProgressLines PROGRESS = new ProgressLines(System.err);

  private final Samples samples = new Samples();

  /** How many samples a cell has, by its name and parameters. */
  private Map<String, Integer> counts() {
    assertThat(samples.cells()).allMatch(cell -> cell.percentile(0) > 0, "takes time");
    return samples.cells().stream()
        .collect(
            Collectors.toMap(
                cell -> cell.name() + " " + cell.parameters(),
                Cell::count,
                Integer::sum,
                TreeMap::new));
  }

  @Test
  @Timeout(120)
  @DisplayName("connections get through the first, the middle and the last of several Services")
  void services() throws Exception {
    new ServicesBench(PROGRESS)
        .run(ServiceRules.keepers(List.of("nftables"), true), List.of(1, 5), 1, 1, samples);
    assertThat(counts())
        .containsEntry("connect-latency {contender=fairlead nftables, services=1}", 100)
        .containsEntry("connect-latency {contender=fairlead nftables, services=5}", 100)
        .containsEntry(
            "connect-latency {contender=fairlead nftables, position=first, services=5}", 100)
        .containsEntry(
            "connect-latency {contender=fairlead nftables, position=last, services=5}", 100)
        .containsEntry("connect-latency {contender=kube-proxy's rules, nft, services=1}", 100)
        .containsEntry("connect-latency {contender=" + ServicePath.DIRECT + ", services=0}", 100)
        .containsEntry("throughput {contender=fairlead nftables, services=5}", 1)
        .containsEntry(
            "round-trip {contender=fairlead nftables, packet=established, protocol=tcp, services=5}",
            100)
        .doesNotContainKey("connect-latency {contender=kube-proxy's rules, nft, services=5}");
  }

  @Test
  @Timeout(120)
  @DisplayName("packets pass policies that select their pods, and policies that do not")
  void policies() throws Exception {
    new PoliciesBench(PROGRESS).run(List.of(Enforcer.FAIRLEAD), List.of(0, 100), 1, samples);
    for (String node :
        List.of(
            PolicyPath.PLAIN + ", policies=0, selecting=0",
            PolicyPath.TRACKED + ", policies=0, selecting=0",
            "fairlead nftables, policies=0, selecting=0",
            "fairlead nftables, policies=100, selecting=0",
            "fairlead nftables, policies=100, selecting=2",
            "fairlead nftables, policies=100, selecting=102")) {
      assertThat(counts())
          .containsEntry("connect-latency {contender=" + node + "}", 100)
          .containsEntry("throughput {contender=" + node + "}", 1);
    }
    assertThat(counts())
        .containsEntry(
            "round-trip {contender=fairlead nftables, packet=first, policies=100, protocol=udp,"
                + " selecting=2}",
            50);
  }

  @Test
  @Timeout(180)
  @DisplayName("packets pass from pod to pod through what an agent and what a hand set up")
  void pods() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/iperf3")), "iperf3 is not installed");
    new PodsBench(Whole.distribution(), PROGRESS).run(1, 1, false, samples);
    for (String pods :
        List.of(
            "fairlead nftables, path=VXLAN",
            "fairlead nftables, path=one node",
            "floor: plain VXLAN device, path=VXLAN",
            "floor: plain bridge, path=one node")) {
      assertThat(counts())
          .containsEntry("connect-latency {contender=" + pods + "}", 100)
          .containsEntry("throughput {contender=" + pods + "}", 1)
          .containsEntry("processor-per-gigabyte {contender=" + pods + "}", 1);
    }
  }
}
