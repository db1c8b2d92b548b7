package io.fairlead.agent.config;

/** Which backend programs Services. */
public enum ProxyMode implements Spelled {
  NFTABLES("nftables", true),
  IPTABLES("iptables", true),
  IPVS("ipvs", false),
  NONE("none", true);

  private final String spelling;
  private final boolean built;

  ProxyMode(String spelling, boolean built) {
    this.spelling = spelling;
    this.built = built;
  }

  @Override
  public String spelling() {
    return spelling;
  }

  /**
   * Whether this version of fairlead has the backend; a configuration that asks for another fails.
   */
  public boolean isBuilt() {
    return built;
  }
}
