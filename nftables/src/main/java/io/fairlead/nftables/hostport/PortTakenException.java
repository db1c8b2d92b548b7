package io.fairlead.nftables.hostport;

/** Somebody else has the host port, or one that packets for it could be for as well. */
public final class PortTakenException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient HostSocket wanted;
  private final transient HostSocket taken;
  private final transient PortOwner owner;

  PortTakenException(HostSocket wanted, HostSocket taken, PortOwner owner) {
    super("the host port " + wanted + " is taken by " + owner.name() + ", which has " + taken);
    this.wanted = wanted;
    this.taken = taken;
    this.owner = owner;
  }

  /** What was asked for. */
  public HostSocket wanted() {
    return wanted;
  }

  /** What is in the way. */
  public HostSocket taken() {
    return taken;
  }

  /** Whose that is. */
  public PortOwner owner() {
    return owner;
  }
}
