package io.fairlead.agent.config;

/** Which backend programs Services. */
public enum ProxyMode implements Spelled {
  NFTABLES("nftables"),
  IPTABLES("iptables"),
  IPVS("ipvs"),
  NONE("none");

  private final String spelling;

  ProxyMode(String spelling) {
    this.spelling = spelling;
  }

  @Override
  public String spelling() {
    return spelling;
  }
}
