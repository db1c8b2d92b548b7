package io.fairlead.agent.subsystem.pod;

import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.PodsReport;
import io.fairlead.agent.server.PodsReport.AttachedPod;
import io.fairlead.cni.CniService;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.attachment.HostPort;
import io.fairlead.cni.attachment.OptionsText;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What leases tell of pods and addresses, as reports. */
public final class PodViews {

  private static final String LEAVING = "leaving";

  private PodViews() {}

  /** One entry for each attachment, those that leave included. */
  public static PodsReport pods(String node, CniService service) {
    List<AttachedPod> pods = new ArrayList<>();
    for (Lease lease : service.leases()) {
      pods.add(pod(lease, service.isWaiting(lease.key()) ? "waiting" : "attached"));
    }
    service.leaving().forEach(lease -> pods.add(pod(lease, LEAVING)));
    pods.sort(
        Comparator.comparing(AttachedPod::namespace)
            .thenComparing(AttachedPod::name)
            .thenComparing(AttachedPod::container)
            .thenComparing(AttachedPod::interfaceName));
    return new PodsReport(node, pods);
  }

  private static AttachedPod pod(Lease lease, String state) {
    AttachmentKey key = lease.key();
    String pod = lease.pod() == null ? "/" : lease.pod();
    int slash = pod.indexOf('/');
    return new AttachedPod(
        pod.substring(0, slash),
        pod.substring(slash + 1),
        lease.podUid(),
        key.network(),
        key.containerId(),
        key.interfaceName(),
        BridgeNetwork.hostName(key),
        lease.addresses().stream().map(IpAddress::toString).toList(),
        state,
        lease.options().hostPorts().stream().map(PodViews::text).toList(),
        lease.options().bandwidth().ingressRate(),
        lease.options().bandwidth().egressRate(),
        OptionsText.write(lease.options()));
  }

  private static String text(HostPort port) {
    IpAddress address = port.hostAddress();
    String where =
        address == null
            ? ""
            : address.family() == AddressFamily.IPV6 ? "[" + address + "]:" : address + ":";
    return port.protocol().name().toLowerCase(Locale.ROOT)
        + " "
        + where
        + port.hostPort()
        + " to "
        + port.containerPort();
  }

  /** The pod CIDRs, and who has which address. */
  public static AddressesReport addresses(String node, CniService service) {
    TreeMap<IpAddress, AddressesReport.Address> addresses = new TreeMap<>();
    service
        .imported()
        .forEach(lease ->
            addresses.put(
                lease.address(),
                new AddressesReport.Address(
                    lease.address().toString(),
                    "imported",
                    "",
                    lease.containerId(),
                    lease.interfaceName())));
    service.leaving().forEach(lease -> put(lease, LEAVING, addresses));
    service.leases().forEach(lease -> put(lease, "leased", addresses));
    return new AddressesReport(
        node,
        service.usage().stream()
            .map(usage ->
                new AddressesReport.Range(
                    usage.range().toString(),
                    usage.gateway().toString(),
                    usage.used(),
                    usage.size()))
            .toList(),
        List.copyOf(addresses.values()),
        service.released().stream().map(IpAddress::toString).toList());
  }

  private static void put(
      Lease lease, String state, Map<IpAddress, AddressesReport.Address> addresses) {
    for (IpAddress address : lease.addresses()) {
      addresses.put(
          address,
          new AddressesReport.Address(
              address.toString(),
              state,
              lease.pod() == null ? "" : lease.pod(),
              lease.key().containerId(),
              lease.key().interfaceName()));
    }
  }
}
