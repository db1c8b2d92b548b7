package io.fairlead.bench.policy.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.sys.NativeBuffer;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** That the probes tell the truth: against rules of nft that somebody wrote. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarnessKernelTest {

  private static final String DROP_ALL =
      """
      table inet test {
        chain forward {
          type filter hook forward priority 10;
          ip saddr 10.244.1.16 drop
        }
      }
      """;

  private PodNetwork network;
  private Probes probes;

  @BeforeAll
  void open() throws Exception {
    network = PodNetwork.create();
    NodeServices.program(NodeServices.Mode.NFTABLES, network);
    probes = new Probes(network.hosts());
  }

  @AfterAll
  void close() throws Exception {
    network.close();
  }

  private static BitSet all(Matrix matrix) {
    BitSet all = new BitSet();
    all.set(0, matrix.probes().size());
    return all;
  }

  @Test
  @DisplayName("without rules every probe arrives, by both families")
  void everythingArrives() throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      Matrix matrix = Matrix.of(network, family);
      assertThat(matrix.probes()).hasSize(9 * 9 * 6 * 2);
      for (int i = 0; i < 5; i++) {
        Probes.Outcome outcome = probes.run("run " + i, matrix.probes(), all(matrix));
        assertThat(outcome.strays()).isEmpty();
        assertThat(outcome.wrong().stream().map(matrix.probes()::get).toList()).isEmpty();
      }
    }
  }

  @Test
  @DisplayName("what a rule drops is seen as missing, and what one forgets as passed")
  void dropsAreSeen() throws Exception {
    Matrix matrix = Matrix.of(network, AddressFamily.IPV4);
    assertThat(probes.run("before", matrix.probes(), all(matrix)).isRight()).isTrue();
    network
        .node()
        .run(
            "nft",
            """
            table inet test {
              chain forward {
                type filter hook forward priority 10;
                ct state established,related accept
                ip saddr 10.244.1.16 ip daddr 10.244.1.33 udp dport 81 drop
                ip saddr 10.244.1.48 ip daddr 10.244.1.17 sctp dport 80 drop
                ip saddr 10.244.1.48 ip daddr 10.244.1.18 tcp dport 80 drop
              }
            }
            """);
    try {
      BitSet expected = all(matrix);
      List<Integer> dropped =
          List.of(
              index(matrix, "x/a", "y/b", Protocol.UDP, 81),
              index(matrix, "z/a", "x/b", Protocol.SCTP, 80),
              index(matrix, "z/a", "x/c", Protocol.TCP, 80));
      dropped.forEach(index -> expected.clear(index, index + 2));
      Probes.Outcome right = probes.run("right", matrix.probes(), expected);
      assertThat(right.strays()).isEmpty();
      assertThat(right.wrong()).isEmpty();
      expected.set(dropped.getFirst());
      int free = index(matrix, "x/c", "y/b", Protocol.TCP, 81) + 1;
      expected.clear(free);
      assertThat(probes.run("wrong", matrix.probes(), expected).wrong())
          .containsExactlyInAnyOrder(dropped.getFirst(), free);
    } finally {
      network.node().run("nft", "delete table inet test");
    }
  }

  @Test
  @DisplayName("a packet that is held up and comes when another case runs is noticed")
  void lateOnesAreSeen() throws Exception {
    Matrix matrix = Matrix.of(network, AddressFamily.IPV4);
    Probe probe = matrix.probes().get(index(matrix, "x/a", "y/b", Protocol.UDP, 81));
    network.node().run("nft", DROP_ALL);
    assertThat(probes.run("denied", List.of(probe), new BitSet()).isRight()).isTrue();
    network.node().run("nft", "delete table inet test");
    NativeBuffer packet = NativeBuffer.allocate(ProbePacket.CAPACITY);
    IpAddress source = probe.source().address(AddressFamily.IPV4);
    int length =
        ProbePacket.write(packet, Protocol.UDP, source, probe.target(), 2000, 81, probes.sent());
    probe.source().send(packet, length, probe.target());
    assertThat(probes.run("next", List.of(), new BitSet()).strays())
        .containsExactly(probe + " of denied arrived late, and is denied");
  }

  private static int index(
      Matrix matrix, String source, String destination, Protocol protocol, int port) {
    for (int i = 0; i < matrix.probes().size(); i++) {
      Probe probe = matrix.probes().get(i);
      if (probe.source().name().equals(source)
          && probe.destination().name().equals(destination)
          && probe.protocol() == protocol
          && probe.port() == port) {
        return i;
      }
    }
    throw new IllegalArgumentException("no such probe");
  }
}
