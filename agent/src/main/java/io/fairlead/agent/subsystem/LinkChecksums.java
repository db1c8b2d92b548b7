package io.fairlead.agent.subsystem;

import io.fairlead.dataplane.sys.LinkOffload;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.overlay.ChecksumOffload;
import io.fairlead.overlay.KernelRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel's own setting of links, where the overlay must turn it off. Not thread-safe. */
final class LinkChecksums implements ChecksumOffload, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LinkChecksums.class);
  private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");

  private final LinkOffload offload;

  private LinkChecksums(LinkOffload offload) {
    this.offload = offload;
  }

  /**
   * For the calling thread's network namespace, or null if the offload may be as it is.
   *
   * @param mode what is configured
   */
  static @Nullable LinkChecksums openIfUnwanted(io.fairlead.agent.config.ChecksumOffload mode)
      throws IOException {
    return switch (mode) {
      case ON -> null;
      case OFF -> new LinkChecksums(LinkOffload.open());
      case AUTO -> {
        String release = Files.readString(RELEASE).strip();
        if (!KernelRelease.parse(release).hasBrokenTunnelChecksums()) {
          yield null;
        }
        LOG.info(
            "Linux {} may spoil checksums of tunnelled packets, so the VXLAN device computes them"
                + " itself; vxlan-checksum-offload: on leaves them to the device behind it",
            release);
        yield new LinkChecksums(LinkOffload.open());
      }
    };
  }

  @Override
  public boolean isOn(String link) throws SystemCallException {
    return offload.transmitChecksum(link);
  }

  @Override
  public void turnOff(String link) throws SystemCallException {
    offload.setTransmitChecksum(link, false);
  }

  @Override
  public void close() {
    offload.close();
  }
}
