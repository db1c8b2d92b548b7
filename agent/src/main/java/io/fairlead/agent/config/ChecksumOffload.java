package io.fairlead.agent.config;

/** Whether checksums of what the VXLAN device sends are left to the device behind it. */
public enum ChecksumOffload implements Spelled {
  /** Unless this kernel is known to spoil them. */
  AUTO,
  /** As the kernel and the administrator have it. */
  ON,
  /** Never. */
  OFF;

  @Override
  public String spelling() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
