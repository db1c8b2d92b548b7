package io.fairlead.agent.node;

import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel's module ip_vs. */
public final class IpvsModule {

  private static final Logger LOG = LoggerFactory.getLogger(IpvsModule.class);

  private IpvsModule() {}

  /** Has the kernel load it unless it is there, and returns whether it is there then. */
  public static boolean load() {
    try (IpvsSocket _ = IpvsSocket.open()) {
      return true;
    } catch (IOException e) {
      LOG.debug("IPVS cannot be used", e);
      return false;
    }
  }
}
