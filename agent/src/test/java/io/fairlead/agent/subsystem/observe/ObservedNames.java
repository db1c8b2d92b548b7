package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.LoopViews;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.List;

/** A cluster of two nodes, with a Service default/web and the pods default/web-1 and default/a. */
final class ObservedNames {

  private final AddressClaims claims = new AddressClaims();

  static final List<Lease> LEASES = List.of(lease("web-1", "10.244.1.3"), lease("a", "10.244.1.2"));

  ObservedNames() {
    ObjectKey web = new ObjectKey("default", "web");
    ServiceRecord service =
        ServiceRecord.ofClusterIps(
            web,
            List.of(IpAddress.parse("10.96.0.80")),
            List.of(new ServicePortRecord("http", Protocol.TCP, 80)));
    claims.update(web, ServiceFragment.of(service, List.of(), ServiceNode.named("node-1")));
  }

  private static Lease lease(String pod, String address) {
    return new Lease(
        new AttachmentKey("fairlead", "container-" + pod, "eth0"),
        List.of(IpAddress.parse(address)),
        "default/" + pod);
  }

  AddressClaims claims() {
    return claims;
  }

  static ClusterView view() throws InterruptedException {
    return LoopViews.of(
        new NodeRecord(
            "node-1",
            List.of(IpAddress.parse("192.168.88.11")),
            List.of(Cidr.parse("10.244.1.0/24")),
            null),
        new NodeRecord(
            "node-2",
            List.of(IpAddress.parse("192.168.88.12")),
            List.of(Cidr.parse("10.244.2.0/24")),
            null));
  }

  NameBook book() throws InterruptedException {
    return new NameBook("node-1", null, claims, () -> LEASES, System::nanoTime).refresh(view());
  }
}
