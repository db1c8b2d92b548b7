package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.IpAddress;
import org.jspecify.annotations.Nullable;

/** What a link is, with the parameters that only such links have (IFLA_LINKINFO of if_link.h). */
public sealed interface LinkKind {

  /** The kernel's name of the kind: "veth"; empty for hardware and the loopback. */
  String kernelName();

  /**
   * One end of a pair. {@link Link#parentIndex} tells the other end's index, {@link
   * Link#parentNamespace} where that is.
   */
  record Veth() implements LinkKind {
    @Override
    public String kernelName() {
      return "veth";
    }

    @Override
    public String toString() {
      return kernelName();
    }
  }

  /**
   * An Ethernet bridge.
   *
   * @param multicastSnooping whether multicast goes only where listeners are; the kernel's default
   *     is true
   * @param linkLocalLearning whether it also learns who is where from frames to link-local groups
   *     (IEEE 802.1D), which it does before any rule of nf_tables; the kernel's default is true
   */
  record Bridge(boolean multicastSnooping, boolean linkLocalLearning) implements LinkKind {

    /** A bridge with the kernel's defaults. */
    public static final Bridge DEFAULT = new Bridge(true, true);

    @Override
    public String kernelName() {
      return "bridge";
    }

    @Override
    public String toString() {
      return "bridge"
          + (multicastSnooping ? "" : " no-multicast-snooping")
          + (linkLocalLearning ? "" : " no-link-local-learning");
    }
  }

  /**
   * A VXLAN tunnel endpoint (RFC 7348). The kernel changes none of this once the link exists, but
   * learning.
   *
   * @param vni the 24-bit network identifier
   * @param port UDP destination port, host byte order; 0 for a device that uses several
   * @param local outer source address, or null to let the routing decide
   * @param underlayIndex the link that carries the outer packets, or 0
   * @param learning whether forwarding entries are learned from received frames
   */
  record Vxlan(int vni, int port, @Nullable IpAddress local, int underlayIndex, boolean learning)
      implements LinkKind {

    public Vxlan {
      if (vni < 0 || vni >= 1 << 24) {
        throw new IllegalArgumentException("VNI " + vni + " is not within 0 to 16777215");
      }
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("VXLAN port " + port + " is not within 0 to 65535");
      }
    }

    @Override
    public String kernelName() {
      return "vxlan";
    }

    @Override
    public String toString() {
      return "vxlan vni "
          + vni
          + " port "
          + port
          + (local == null ? "" : " local " + local)
          + (underlayIndex == 0 ? "" : " underlay " + underlayIndex)
          + (learning ? "" : " no-learning");
    }
  }

  /** A link that swallows what it is given. */
  record Dummy() implements LinkKind {
    @Override
    public String kernelName() {
      return "dummy";
    }

    @Override
    public String toString() {
      return kernelName();
    }
  }

  /** Any other kind, without its parameters; an empty name is hardware or the loopback. */
  record Other(String kernelName) implements LinkKind {
    @Override
    public String toString() {
      return kernelName.isEmpty() ? "device" : kernelName;
    }
  }
}
