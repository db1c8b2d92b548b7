package io.fairlead.agent.config;

/** How packets reach pods of other nodes. */
public enum OverlayMode implements Spelled {
  VXLAN("vxlan"),
  HOST_GW("host-gw"),
  NONE("none");

  private final String spelling;

  OverlayMode(String spelling) {
    this.spelling = spelling;
  }

  @Override
  public String spelling() {
    return spelling;
  }
}
