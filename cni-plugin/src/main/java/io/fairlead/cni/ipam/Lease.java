package io.fairlead.cni.ipam;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses in the hands of one attachment.
 *
 * @param addresses at most one per family, IPv4 first
 * @param pod "namespace/name", or null if the runtime did not say
 */
public record Lease(AttachmentKey key, List<IpAddress> addresses, @Nullable String pod) {

  public Lease {
    addresses = addresses.stream().sorted().toList();
  }
}
