package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.service.AddressClaims;
import java.io.IOException;

/** A backend that can tell what would have to change in the kernel. */
interface ComparedBackend {

  /**
   * Compares the kernel with Services as {@code wanted}, and changes nothing.
   *
   * @param inputs what they depend on besides
   * @throws IOException if the kernel cannot be read
   */
  Comparison compare(AddressClaims wanted, ServiceInputs inputs) throws IOException;
}
