package io.fairlead.cni;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniException;

/**
 * Lets pods into the network. Until a pod is admitted, the kernel denies whatever its addresses
 * send and are sent, so an interface is only made after its pod has been. Thread-safe; calls about
 * one attachment take effect in their order.
 */
public interface PodAdmission {

  /** Admits everybody at once: for a node without policies. */
  PodAdmission EVERYBODY =
      new PodAdmission() {
        @Override
        public void admit(Lease lease) {}

        @Override
        public void adopt(Lease lease) {}

        @Override
        public void cancel(AttachmentKey key) {}

        @Override
        public void dismiss(AttachmentKey key) {}

        @Override
        public void stop() {}
      };

  /**
   * Waits until the kernel enforces what policies say of the pod that leased these addresses, and
   * has forgotten the connections of whoever had them before.
   *
   * @throws CniException TRY_AGAIN if that took too long, or if too many wait already; then the pod
   *     is not admitted, and {@link #dismiss} need not be called
   */
  void admit(Lease lease) throws CniException;

  /** Has a pod admitted that is attached already, as soon as that can be. Returns at once. */
  void adopt(Lease lease);

  /** Lets {@link #admit} fail at once if it waits for this attachment. */
  void cancel(AttachmentKey key);

  /** Whether {@link #admit} waits for this attachment now. */
  default boolean isWaiting(AttachmentKey key) {
    return false;
  }

  /** The interface is gone, or was never made. Returns at once; unknown ones are ignored. */
  void dismiss(AttachmentKey key);

  /** From now on {@link #admit} fails at once, for those that wait, too. */
  void stop();
}
