package io.fairlead.cni;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniException;
import java.io.IOException;
import java.util.Collection;

/**
 * What the kernel keeps of an attachment beside its links, such as host ports. Thread-safe; calls
 * about one attachment come one after the other.
 */
public interface AttachmentRules {

  /**
   * At the start of the agent, before any other call: brings the kernel to just these, with the
   * fewest operations.
   *
   * @throws IOException if the kernel refuses; it is called again
   */
  void restore(Collection<Lease> leases) throws IOException;

  /**
   * Before the attachment has an interface: puts its rules in force.
   *
   * @throws CniException with nothing in force; the attachment is then not made
   */
  void prepare(Lease lease) throws CniException;

  /**
   * The attachment was asked to go: takes away what others may have from now on. Its link may live
   * a moment longer. Unknown ones are ignored.
   */
  void leave(AttachmentKey key);

  /** The attachment's link is gone: takes away the rest. Unknown ones are ignored. */
  void forget(AttachmentKey key);
}
