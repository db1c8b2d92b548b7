package io.fairlead.agent.config;

/** Which of the kernel's two packet filters holds the rules of proxy-mode iptables. */
public enum IptablesVariant implements Spelled {
  /** The one that already has rules of others on this node; nft where neither has. */
  AUTO("auto"),
  NFT("nft"),
  LEGACY("legacy");

  private final String spelling;

  IptablesVariant(String spelling) {
    this.spelling = spelling;
  }

  @Override
  public String spelling() {
    return spelling;
  }
}
