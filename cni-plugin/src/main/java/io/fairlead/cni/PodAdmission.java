package io.fairlead.cni;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.CniException;

/**
 * Lets pods into the network. Until a pod is admitted, the kernel denies whatever its addresses
 * send and are sent, so an interface is only made after its pod has been. Thread-safe.
 */
public interface PodAdmission {

  /** Admits everybody at once: for a node without policies. */
  PodAdmission EVERYBODY =
      new PodAdmission() {
        @Override
        public void admit(Lease lease, String podUid) {}

        @Override
        public void dismiss(Lease lease) {}
      };

  /**
   * Waits until the kernel enforces what policies say of the pod that leased these addresses, and
   * has forgotten the connections of whoever had them before.
   *
   * @param podUid K8S_POD_UID, empty if the runtime did not say
   * @throws CniException TRY_AGAIN if that took too long; then the pod is not admitted, and {@link
   *     #dismiss} need not be called
   */
  void admit(Lease lease, String podUid) throws CniException;

  /** The interface is gone, or was never made. Returns at once; unknown ones are ignored. */
  void dismiss(Lease lease);
}
