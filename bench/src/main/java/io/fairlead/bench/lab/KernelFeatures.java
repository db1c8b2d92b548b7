package io.fairlead.bench.lab;

import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import java.io.IOException;

/** What this machine's kernel may lack. */
public final class KernelFeatures {

  /** Why something needs another kernel, and where there is one. */
  public static final String WITHOUT_IPVS =
      "this kernel has no IPVS (CONFIG_IP_VS); scripts/lab-kernel run COMMAND runs a command in one"
          + " that has";

  private KernelFeatures() {}

  /** Whether it has IPVS; needs root. */
  public static boolean hasIpvs() throws IOException, InterruptedException {
    try (LabNamespace namespace = LabNamespace.create("feature")) {
      return namespace.call(() -> {
        try (IpvsSocket socket = IpvsSocket.open()) {
          return socket.info() != null;
        } catch (MissingFamilyException _) {
          return false;
        }
      });
    }
  }
}
