package io.fairlead.bench.chaos.probe;

/** What can become of traffic. Each is a broken promise unless a fault itself brings it about. */
public enum Effect {
  /** A connection that existed was reset or closed. */
  CUT("connections cut"),
  /** A connection that existed carried nothing for a while. */
  STALLED("connections stalled"),
  /** A new connection to a Service failed. */
  REFUSED("new connections failed"),
  /** A packet that policies deny arrived. */
  LEAKED("denied packets arrived"),
  /** CNI ADD failed. */
  NOT_ADDED("CNI ADD failed"),
  /** CNI DEL failed. */
  NOT_DELETED("CNI DEL failed");

  private final String words;

  Effect(String words) {
    this.words = words;
  }

  /** In a few words, for reports. */
  public String words() {
    return words;
  }
}
