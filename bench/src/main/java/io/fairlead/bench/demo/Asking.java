package io.fairlead.bench.demo;

import io.fairlead.bench.lab.EchoAnswer;
import io.fairlead.bench.lab.EchoClient;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Questions by TCP and UDP, with expectations of who answers and who is seen to ask. */
final class Asking {

  static final Duration LIMIT = Duration.ofSeconds(10);

  private Asking() {}

  /**
   * Asks by both protocols.
   *
   * @param server the name that must answer
   * @param client the address that the server must see
   * @return how long the TCP question took, connecting included
   */
  static Duration both(LabNamespace from, InetSocketAddress to, String server, String client)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    EchoAnswer tcp = EchoClient.tcp(from, to, LIMIT);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    expect("TCP", tcp, server, client);
    expect("UDP", EchoClient.udp(from, to, LIMIT), server, client);
    return took;
  }

  private static void expect(String protocol, EchoAnswer answer, String server, String client)
      throws CheckFailure {
    String seenClient = answer.client().getAddress().getHostAddress();
    CheckFailure.unless(
        answer.server().equals(server) && seenClient.equals(client),
        "%s: %s answered and saw %s ask; it had to be %s that sees %s"
            .formatted(protocol, answer.server(), seenClient, server, client));
  }

  /** One pod asks another at its own address, which no translation may touch. */
  static String podToPod(Pod from, Pod to) throws IOException, InterruptedException {
    String client = from.address().getHostAddress();
    Duration took = both(from.namespace(), to.at(SampleCluster.POD_PORT), to.name(), client);
    return "%s %s → %s %s by TCP (%s) and UDP, source address kept"
        .formatted(from.name(), client, to.name(), to.address().getHostAddress(), Times.text(took));
  }
}
