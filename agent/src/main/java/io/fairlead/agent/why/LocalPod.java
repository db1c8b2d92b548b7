package io.fairlead.agent.why;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.List;

/**
 * A pod that is attached on this node.
 *
 * @param hostLink the name of its interface's other end
 * @param state "attached", or what keeps it from being: "waiting" for its policies, "leaving"
 */
record LocalPod(ObjectKey key, List<IpAddress> addresses, String hostLink, String state) {

  LocalPod {
    addresses = List.copyOf(addresses);
  }
}
