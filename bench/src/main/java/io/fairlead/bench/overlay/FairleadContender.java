package io.fairlead.bench.overlay;

import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.overlay.Overlay;
import io.fairlead.overlay.OverlayMode;
import io.fairlead.overlay.OverlayOptions;
import io.fairlead.overlay.OverlayOutcome;
import io.fairlead.overlay.ReversePathFilter;
import java.io.IOException;
import java.util.List;

/** The overlay as the agent drives it, from Node records to the kernel. */
public final class FairleadContender implements Contender {

  private final BenchNode node;
  private final Overlay overlay;

  private FairleadContender(BenchNode node, Overlay overlay) {
    this.node = node;
    this.overlay = overlay;
  }

  public static FairleadContender create() throws IOException, InterruptedException {
    BenchNode node = BenchNode.create("overlay-fairlead");
    try {
      Overlay overlay =
          new Overlay(
              node.kernel(),
              ReversePathFilter.ofKernel(),
              BenchNode.SELF.name(),
              OverlayOptions.of(OverlayMode.VXLAN));
      check(node.namespace().call(() -> overlay.replaceNodes(List.of(BenchNode.SELF.record()))));
      return new FairleadContender(node, overlay);
    } catch (IOException | InterruptedException e) {
      node.close();
      throw e;
    }
  }

  private static void check(OverlayOutcome outcome) throws IOException {
    if (!outcome.failures().isEmpty()) {
      throw new IOException("the overlay failed: " + outcome.failures());
    }
  }

  @Override
  public String name() {
    return "fairlead";
  }

  @Override
  public void join(List<Peer> peers) throws IOException {
    check(
        overlay.updateNodes(
            peers.stream().map(peer -> new NodeChanged(peer.name(), peer.record())).toList()));
  }

  @Override
  public void leave(List<Peer> peers) throws IOException {
    check(
        overlay.updateNodes(
            peers.stream().map(peer -> new NodeChanged(peer.name(), null)).toList()));
  }

  @Override
  public Entries entries() throws IOException {
    return node.entries("fairlead-vxlan");
  }

  @Override
  public void close() {
    node.close();
  }
}
