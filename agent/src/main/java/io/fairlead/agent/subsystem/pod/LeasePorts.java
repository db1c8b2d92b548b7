package io.fairlead.agent.subsystem.pod;

import io.fairlead.cni.attachment.HostPort;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.nftables.hostport.HostSocket;
import io.fairlead.nftables.hostport.PortForward;
import io.fairlead.nftables.hostport.PortOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The host ports that a lease asks for, in the terms of their table. Pure. */
final class LeasePorts {

  private static final IpAddress IPV6_LOOPBACK = IpAddress.parse("::1");

  private LeasePorts() {}

  /** Whose they are: the pod as far as the runtime named it, and the container. */
  static PortOwner owner(Lease lease) {
    String container = "container " + lease.key().containerId();
    String name = lease.pod() == null ? container : lease.pod() + " (" + container + ")";
    return new PortOwner(lease.key().toString(), name);
  }

  /**
   * Each host port in each family that both it and the pod have. Nothing as address means both
   * families; the unspecified address of a family means all of that one.
   */
  static List<PortForward> forwards(Lease lease) {
    List<PortForward> forwards = new ArrayList<>();
    for (HostPort port : lease.options().hostPorts()) {
      for (IpAddress pod : lease.addresses()) {
        if (isServed(port, pod) && !IPV6_LOOPBACK.equals(port.hostAddress())) {
          IpAddress address = port.hostAddress();
          HostSocket at =
              new HostSocket(
                  pod.family(),
                  port.protocol(),
                  address == null || isUnspecified(address) ? null : address,
                  port.hostPort());
          forwards.add(new PortForward(at, pod, port.containerPort()));
        }
      }
    }
    return forwards;
  }

  private static boolean isServed(HostPort port, IpAddress pod) {
    IpAddress address = port.hostAddress();
    return address == null || address.family() == pod.family();
  }

  private static boolean isUnspecified(IpAddress address) {
    return address.equals(address.masked(0));
  }

  /** Throws for what no kernel does. */
  static void refuseImpossible(Lease lease) throws CniException {
    for (HostPort port : lease.options().hostPorts()) {
      if (IPV6_LOOPBACK.equals(port.hostAddress())) {
        throw new CniException(
            CniErrorCode.INVALID_CONFIG,
            "the host port "
                + port.hostPort()
                + " cannot be served on ::1: the kernel routes no packet from there to a pod; use"
                + " 127.0.0.1, or an address of the node");
      }
    }
  }

  /** A sentence for each host port that the pod has no address for. */
  static List<String> unserved(Lease lease) {
    List<String> sentences = new ArrayList<>();
    for (HostPort port : lease.options().hostPorts()) {
      if (lease.addresses().stream().noneMatch(pod -> isServed(port, pod))) {
        sentences.add(
            "The host port "
                + port.hostPort()
                + "/"
                + port.protocol().name().toLowerCase(Locale.ROOT)
                + " of "
                + port.hostAddress()
                + " leads nowhere: "
                + owner(lease).name()
                + " has no address of that family");
      }
    }
    return sentences;
  }
}
