package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network interface of a pod on this node, as the CNI plugin knows it: earlier and more surely
 * than the API server does.
 *
 * @param id unique on this node
 * @param pod null if the runtime did not say: then it is none of Kubernetes' pods
 * @param uid the pod's, empty if the runtime did not say
 */
public record PodAttachment(
    String id, @Nullable ObjectKey pod, String uid, List<IpAddress> addresses) {
  public PodAttachment {
    addresses = List.copyOf(addresses);
  }
}
