package io.fairlead.dataplane.testing.behaviour;

/** By which of a Service's addresses a client comes. */
enum Path {
  CLUSTER_IP("cluster IP"),
  NODE_PORT("node port"),
  LOAD_BALANCER("load balancer's IP"),
  EXTERNAL_IP("external IP");

  private final String title;

  Path(String title) {
    this.title = title;
  }

  @Override
  public String toString() {
    return title;
  }
}
