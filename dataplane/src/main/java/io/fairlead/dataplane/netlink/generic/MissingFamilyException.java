package io.fairlead.dataplane.netlink.generic;

import java.io.IOException;

/** The kernel has no generic netlink family of the name, and could not load one. */
public final class MissingFamilyException extends IOException {

  private final String family;

  MissingFamilyException(String family, String module) {
    super(
        "this kernel has no generic netlink family "
            + family
            + "; load the kernel module "
            + module
            + " (modprobe "
            + module
            + ") or run a kernel that is built with it");
    this.family = family;
  }

  /** The family's name, for example "IPVS". */
  public String family() {
    return family;
  }
}
