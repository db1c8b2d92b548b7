package io.fairlead.cni.attachment;

import java.util.List;

/** Everything that a runtime asked for with an attachment beside its addresses. */
public record AttachmentOptions(PortOptions port, List<HostPort> hostPorts, Bandwidth bandwidth) {

  public static final AttachmentOptions DEFAULT =
      new AttachmentOptions(PortOptions.DEFAULT, List.of(), Bandwidth.UNLIMITED);

  public AttachmentOptions {
    hostPorts = List.copyOf(hostPorts);
  }
}
