package io.fairlead.bench.overlay;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The same entries by {@code bridge -batch} and {@code ip -batch}, a call each. */
final class BatchContender implements Contender {

  private static final String DEVICE = "flannel.1";
  private static final long LIMIT_SECONDS = 60;

  private final BenchNode node;

  private BatchContender(BenchNode node) {
    this.node = node;
  }

  static BatchContender create() throws IOException, InterruptedException {
    BenchNode node = BenchNode.create("overlay-batch");
    try {
      LabNamespace namespace = node.namespace();
      namespace.run(
          ("ip link add "
                  + DEVICE
                  + " type vxlan id 1 dstport 8472 dev eth0 nolearning local "
                  + BenchNode.SELF.address())
              .split(" ", -1));
      namespace.run("ip", "address", "add", BenchNode.SELF.gateway() + "/32", "dev", DEVICE);
      namespace.run("ip", "link", "set", DEVICE, "up");
      return new BatchContender(node);
    } catch (IOException | InterruptedException e) {
      node.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "ip -batch, bridge -batch";
  }

  @Override
  public void join(List<Peer> peers) throws IOException, InterruptedException {
    run(
        "bridge",
        peers.stream()
            .map(peer ->
                "fdb replace " + peer.mac() + " dev " + DEVICE + " dst " + peer.address() + "\n")
            .collect(Collectors.joining()));
    run(
        "ip",
        peers.stream()
            .map(peer ->
                """
                neigh replace %1$s lladdr %2$s dev %3$s nud permanent
                route replace %4$s via %1$s dev %3$s onlink
                """
                    .formatted(peer.gateway(), peer.mac(), DEVICE, peer.podCidr()))
            .collect(Collectors.joining()));
  }

  @Override
  public void leave(List<Peer> peers) throws IOException, InterruptedException {
    run(
        "ip",
        peers.stream()
            .map(peer ->
                """
                route delete %4$s via %1$s dev %3$s
                neigh delete %1$s lladdr %2$s dev %3$s
                """
                    .formatted(peer.gateway(), peer.mac(), DEVICE, peer.podCidr()))
            .collect(Collectors.joining()));
    run(
        "bridge",
        peers.stream()
            .map(peer ->
                "fdb delete " + peer.mac() + " dev " + DEVICE + " dst " + peer.address() + "\n")
            .collect(Collectors.joining()));
  }

  private void run(String program, String lines) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(program, "-batch", "-");
    builder.redirectErrorStream(true);
    Process process = node.namespace().call(builder::start);
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(lines.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(program + " -batch failed: " + said);
    }
  }

  @Override
  public Entries entries() throws IOException {
    return node.entries(DEVICE);
  }

  @Override
  public void close() {
    node.close();
  }
}
