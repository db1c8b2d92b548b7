package io.fairlead.agent.why;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is meant, once the cluster has been looked at. */
sealed interface Party {

  /**
   * A pod with a network of its own.
   *
   * @param node null if it is not scheduled, or not known
   * @param local its attachment, if it is one of this node's
   */
  record OfPod(
      ObjectKey key, List<IpAddress> addresses, @Nullable String node, @Nullable LocalPod local)
      implements Party {
    public OfPod {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String toString() {
      return "pod " + key;
    }
  }

  /**
   * A node, or a pod that shares its network.
   *
   * @param own whether it is this node
   * @param address the very address that was asked for; null for any of its own
   */
  record OfNode(NodeRecord node, boolean own, @Nullable IpAddress address) implements Party {
    @Override
    public List<IpAddress> addresses() {
      return address == null ? node.addresses() : List.of(address);
    }

    @Override
    public String toString() {
      return "node " + node.name();
    }
  }

  /** A Service; only as a destination. */
  record OfService(ServiceRecord service) implements Party {
    @Override
    public List<IpAddress> addresses() {
      return service.clusterIps();
    }

    @Override
    public String toString() {
      return "Service " + service.key();
    }
  }

  /** An address that is nobody's in the cluster. */
  record OfAddress(IpAddress address, boolean example) implements Party {
    @Override
    public List<IpAddress> addresses() {
      return List.of(address);
    }

    @Override
    public String toString() {
      return example ? "outside" : address.toString();
    }
  }

  List<IpAddress> addresses();

  /** Its first address of a family; null if it has none. */
  default @Nullable IpAddress address(AddressFamily family) {
    for (IpAddress address : addresses()) {
      if (address.family() == family) {
        return address;
      }
    }
    return null;
  }
}
