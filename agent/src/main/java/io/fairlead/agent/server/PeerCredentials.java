package io.fairlead.agent.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a Unix socket: the user that the agent runs as. The mode of the socket's file says
 * the same; this holds when somebody changes that.
 */
final class PeerCredentials {

  private static final ChannelOption<UnixDomainPrincipal> OPTION =
      NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED);

  private final UserPrincipal owner;

  private PeerCredentials(UserPrincipal owner) {
    this.owner = owner;
  }

  /** Those of this process, which made {@code file}. */
  static PeerCredentials ownerOf(Path file) throws IOException {
    return new PeerCredentials(Files.getOwner(file, LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * Who connected, as the kernel recorded it, if that is somebody else; null if it is the owner.
   */
  @Nullable String stranger(Channel channel) {
    UnixDomainPrincipal peer = channel.config().getOption(OPTION);
    if (peer == null) {
      return "unknown";
    }
    return peer.user().equals(owner) ? null : peer.user().getName();
  }
}
