package io.fairlead.dataplane.model;

/** A transport protocol of a Service port, with its number of RFC 5237's registry. */
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** The value of the IP header's protocol field. */
  public int number() {
    return number;
  }
}
