package io.fairlead.cni.ipam;

import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses in the hands of one attachment.
 *
 * @param addresses at most one per family, IPv4 first
 * @param pod "namespace/name", or null if the runtime did not say
 * @param podUid of the pod, without blanks; empty if the runtime did not say, or if that was lost
 * @param options what was asked for with the attachment; the default if that was lost
 */
public record Lease(
    AttachmentKey key,
    List<IpAddress> addresses,
    @Nullable String pod,
    String podUid,
    AttachmentOptions options) {

  public Lease {
    addresses = addresses.stream().sorted().toList();
  }

  /** A lease of a pod whose UID is unknown. */
  public Lease(AttachmentKey key, List<IpAddress> addresses, @Nullable String pod) {
    this(key, addresses, pod, "");
  }

  /** A lease of a pod that asked for nothing but addresses. */
  public Lease(AttachmentKey key, List<IpAddress> addresses, @Nullable String pod, String podUid) {
    this(key, addresses, pod, podUid, AttachmentOptions.DEFAULT);
  }
}
