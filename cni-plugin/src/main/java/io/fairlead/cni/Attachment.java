package io.fairlead.cni;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attached pod, for those who ask what is on this node.
 *
 * @param pod "namespace/name", or null if the runtime did not say
 * @param hostInterface the name of the host's end of its veth pair
 */
public record Attachment(
    AttachmentKey key, @Nullable String pod, List<IpAddress> addresses, String hostInterface) {

  public Attachment {
    addresses = List.copyOf(addresses);
  }
}
