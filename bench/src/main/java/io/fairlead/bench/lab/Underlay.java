package io.fairlead.bench.lab;

import java.io.IOException;
import java.util.List;

/**
 * The network that joins the nodes: a namespace with a bridge, and the outside, a namespace that
 * plays the internet and is everybody's gateway.
 */
final class Underlay implements AutoCloseable {

  private final LabNamespace bridge;
  private final LabNamespace outside;

  private Underlay(LabNamespace bridge, LabNamespace outside) {
    this.bridge = bridge;
    this.outside = outside;
  }

  static Underlay create(AddressPlan addresses) throws IOException, InterruptedException {
    LabNamespace bridge = LabNamespace.create("underlay");
    try {
      LabNamespace outside = LabNamespace.create("outside");
      Underlay underlay = new Underlay(bridge, outside);
      try {
        bridge.ip("link add br0 type bridge", "link set br0 up");
        underlay.connect(outside, addresses.outsideLines());
        return underlay;
      } catch (IOException | InterruptedException e) {
        outside.close();
        throw e;
      }
    } catch (IOException | InterruptedException e) {
      bridge.close();
      throw e;
    }
  }

  /** Gives {@code host} an eth0 on the bridge and applies {@code lines} of ip-batch in it. */
  void connect(LabNamespace host, List<String> lines) throws IOException, InterruptedException {
    bridge.ip(
        "link add " + host.name() + " type veth peer name eth0 netns " + host.path(),
        "link set " + host.name() + " master br0 up");
    host.ip(lines.toArray(String[]::new));
    // The kernel notices a new carrier up to a second later, and drops packets until then.
    Await.until(
        "the underlay forwards for " + host.name(),
        Await.PATIENCE,
        () ->
            bridge.run("bridge", "link", "show", "dev", host.name()).contains("state forwarding")
                && host.run("ip", "link", "show", "eth0").contains("state UP"));
  }

  LabNamespace bridge() {
    return bridge;
  }

  LabNamespace outside() {
    return outside;
  }

  @Override
  public void close() {
    outside.close();
    bridge.close();
  }
}
