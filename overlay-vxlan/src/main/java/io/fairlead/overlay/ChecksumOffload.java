package io.fairlead.overlay;

import java.io.IOException;

/**
 * Whether the kernel leaves checksums of what a link sends to the device behind it. On kernels
 * before 5.7 a masqueraded packet that is then tunnelled may get an outer UDP checksum that is
 * wrong, and the peer drops it; see {@link KernelRelease#hasBrokenTunnelChecksums}. Used by one
 * thread at a time.
 */
public interface ChecksumOffload {

  /** Whether it does, for the link of that name. */
  boolean isOn(String link) throws IOException;

  /** Has the checksums computed before the link. The kernel tells of the change by a link event. */
  void turnOff(String link) throws IOException;
}
