package io.fairlead.dataplane.netlink.ipvs;

/**
 * A kernel thread that copies connections between directors.
 *
 * @param device the link that it multicasts on
 * @param syncId the group of directors that it belongs to; 0 to 255
 */
public record SyncDaemon(Role role, String device, int syncId) {

  /** What it does with connections. */
  public enum Role {
    /** Sends them. */
    MASTER,

    /** Receives them. */
    BACKUP
  }
}
