package io.fairlead.dataplane.evidence;

/**
 * An object as the kernel holds it now, or as it should and does not.
 *
 * @param place what holds it, such as "map inet fairlead service-ipv4", "chain ip nat KUBE-X",
 *     "IPVS" or "table main"
 * @param text the object in the words of the program that shows it: nft, iptables, ipvsadm, ip,
 *     bridge; of a missing one what should be there
 * @param state whether it is as the agent wants it
 * @param packets that it has counted; -1 if it does not count
 * @param bytes that it has counted; -1 if it does not count
 */
public record KernelObject(String place, String text, State state, long packets, long bytes) {

  /** How the kernel's object and what the agent wants agree. */
  public enum State {
    PRESENT,
    MISSING,
    /** Something is there in its place. */
    DIFFERENT
  }

  /** One that is there and does not count. */
  public static KernelObject present(String place, String text) {
    return new KernelObject(place, text, State.PRESENT, -1, -1);
  }

  /** One that is there and has counted. */
  public static KernelObject counted(String place, String text, long packets, long bytes) {
    return new KernelObject(place, text, State.PRESENT, packets, bytes);
  }

  /** One that should be there. */
  public static KernelObject missing(String place, String wanted) {
    return new KernelObject(place, wanted, State.MISSING, -1, -1);
  }

  /** One that is there and is not what it should be. */
  public static KernelObject different(String place, String found) {
    return new KernelObject(place, found, State.DIFFERENT, -1, -1);
  }

  /** Whether the kernel counts it. */
  public boolean isCounted() {
    return packets >= 0;
  }
}
