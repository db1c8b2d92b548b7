package io.fairlead.agent.why;

/** What happens to a packet, in the order in which it does. */
public enum Stage {
  SERVICE("service"),
  ENDPOINTS("endpoints"),
  TRANSLATION("translation"),
  ROUTE("route"),
  EGRESS_POLICY("egress policy"),
  INGRESS_POLICY("ingress policy"),
  OVERLAY("overlay"),
  MTU("mtu"),
  DELIVERY("delivery"),
  RETURN("return");

  private final String title;

  Stage(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }
}
