package io.fairlead.cni.attach;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.cni.protocol.CniResult;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import java.io.IOException;
import java.util.List;

/**
 * CHECK: whether the kernel still has what ADD made. Compared is what the final result of the chain
 * still says of it, so that a later plugin may change MAC addresses, take routes away and add what
 * it likes.
 */
public final class AttachmentCheck {

  private AttachmentCheck() {}

  /**
   * Compares; reads only.
   *
   * @param pod a socket in the pod's namespace
   * @throws CniException CHECK_FAILED with what is missing, KERNEL_FAILURE if it cannot be read
   */
  public static void check(Lease lease, CniResult previous, BridgeNetwork network, RouteKernel pod)
      throws CniException {
    try {
      checkHost(lease, network);
      checkPod(lease, previous, pod);
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.KERNEL_FAILURE, "the attachment cannot be read: " + e.getMessage(), e);
    }
  }

  private static void checkHost(Lease lease, BridgeNetwork network)
      throws IOException, CniException {
    String name = HostLink.name(lease.key());
    Link link = network.hostLink(lease.key());
    Link bridge = network.bridge();
    require(link != null, "the host's link " + name + " is missing");
    if (link != null) {
      require(link.isUp(), "the host's link " + name + " is down");
      require(
          bridge != null && link.masterIndex() == bridge.index(),
          "the host's link " + name + " is not a port of the bridge");
    }
  }

  private static void checkPod(Lease lease, CniResult previous, RouteKernel pod)
      throws IOException, CniException {
    String name = lease.key().interfaceName();
    require(
        previous.interfaces().isEmpty()
            || previous.interfaces().stream().anyMatch(link -> link.name().equals(name)),
        "prevResult does not hold the interface " + name);
    Link link = pod.link(name);
    require(link != null, "the pod's interface " + name + " is missing");
    if (link == null) {
      return;
    }
    require(link.isUp(), "the pod's interface " + name + " is down");
    for (CniResult.Interface promised : previous.interfaces()) {
      Integer mtu = promised.mtu();
      require(
          !promised.name().equals(name) || mtu == null || mtu == 0 || mtu == link.mtu(),
          "the pod's interface " + name + " has the MTU " + link.mtu() + " instead of " + mtu);
    }
    List<LinkAddress> addresses = pod.addresses(link.index());
    for (IpAddress address : lease.addresses()) {
      require(
          previous.addresses().stream().anyMatch(a -> a.address().equals(address)),
          "prevResult does not hold the address " + address);
      require(
          addresses.stream().anyMatch(a -> a.address().equals(address)),
          "the pod's interface " + name + " has lost its address " + address);
    }
    List<Route> routes = pod.routes(RouteFilter.MAIN_TABLE.withOutput(link.index()));
    for (IpAddress address : lease.addresses()) {
      checkDefaultRoute(address, previous, routes);
    }
  }

  private static void checkDefaultRoute(IpAddress address, CniResult previous, List<Route> routes)
      throws CniException {
    for (CniResult.Address ours : previous.addresses()) {
      if (!ours.address().equals(address) || ours.gateway() == null) {
        continue;
      }
      CniResult.Route expected =
          new CniResult.Route(AttachPlan.defaultRoute(address), ours.gateway());
      boolean promised =
          previous.routes().stream()
              .anyMatch(r ->
                  r.destination().equals(expected.destination())
                      && ours.gateway().equals(r.gateway()));
      require(
          !promised
              || routes.stream()
                  .anyMatch(r ->
                      r.destination().equals(expected.destination())
                          && ours.gateway().equals(r.gateway())),
          "the pod has lost its route " + expected.destination() + " via " + ours.gateway());
    }
  }

  private static void require(boolean condition, String sentence) throws CniException {
    if (!condition) {
      throw new CniException(CniErrorCode.CHECK_FAILED, sentence);
    }
  }
}
