package io.fairlead.agent.subsystem.pod;

import io.fairlead.cni.AttachmentRules;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.nftables.guard.GuardedPort;
import io.fairlead.nftables.guard.PortGuard;
import java.io.IOException;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the port of each attachment guarded from before it exists until it is gone. Thread-safe. */
final class PortGuardRules implements AttachmentRules {

  private static final Logger LOG = LoggerFactory.getLogger(PortGuardRules.class);

  private final PortGuard guard;

  PortGuardRules(PortGuard guard) {
    this.guard = guard;
  }

  /** The attachments of one container are ports of one pod. */
  static GuardedPort port(Lease lease) {
    return new GuardedPort(
        BridgeNetwork.hostName(lease.key()),
        lease.key().containerId(),
        BridgeNetwork.podMac(lease),
        lease.options().port().macSpoofCheck(),
        lease.addresses());
  }

  @Override
  public void restore(Collection<Lease> leases) throws IOException {
    guard.restore(leases.stream().map(PortGuardRules::port).toList());
  }

  @Override
  public void prepare(Lease lease) throws CniException {
    try {
      guard.add(port(lease));
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.KERNEL_FAILURE,
          "the pod's port cannot be kept from sending as others: " + e.getMessage(),
          e);
    }
  }

  /** The link may live a moment longer, and is guarded as long. */
  @Override
  public void leave(AttachmentKey key) {}

  @Override
  public void forget(AttachmentKey key) {
    try {
      guard.remove(BridgeNetwork.hostName(key));
    } catch (IOException e) {
      // What is left is about a link that does not exist; the next change takes it away.
      LOG.warn("The guard of a port that is gone stays for a while: {}", e.getMessage());
    }
  }
}
