package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.HEADER_LENGTH;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLMSGERR_ATTR_MSG;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLMSGERR_ATTR_OFFS;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLMSG_ERROR;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_ACK_TLVS;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_CAPPED;

import io.fairlead.dataplane.sys.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Reads NLMSG_ERROR and NLMSG_DONE: an errno and, behind a copy of the request or of its header
 * alone, the extended acknowledgement (Documentation/userspace-api/netlink/intro.rst).
 */
public final class Acknowledgement {

  private Acknowledgement() {}

  /** Whether {@code message} is an acknowledgement, good or bad. */
  public static boolean isAcknowledgement(NetlinkMessage message) {
    return message.type() == NLMSG_ERROR;
  }

  /** What the kernel refused, or null if it agreed. */
  public static @Nullable NetlinkException refusal(NetlinkMessage message, Object operation) {
    int errno = message.payloadLength() < 4 ? 0 : -message.u32(0);
    if (errno == 0) {
      return null;
    }
    String text = "";
    int offset = -1;
    if ((message.flags() & NLM_F_ACK_TLVS) != 0) {
      AttributeReader attributes = message.attributes(textOffset(message));
      while (attributes.next()) {
        switch (attributes.type()) {
          case NLMSGERR_ATTR_MSG -> text = attributes.string();
          case NLMSGERR_ATTR_OFFS -> offset = attributes.u32();
          default -> {}
        }
      }
    }
    // The errno stands whatever became of the text.
    return new NetlinkException(
        operation.toString(), errno, addAdvice(errno, text), offset, message.sequence());
  }

  private static int textOffset(NetlinkMessage message) {
    if (message.type() != NLMSG_ERROR) {
      return 4; // NLMSG_DONE repeats no request.
    }
    boolean capped = (message.flags() & NLM_F_CAPPED) != 0;
    return 4 + (capped ? HEADER_LENGTH : Math.max(message.u32(4), HEADER_LENGTH));
  }

  private static String addAdvice(int errno, String text) {
    boolean forbidden = errno == Errno.EPERM && text.isEmpty();
    return forbidden ? "run fairlead as root or with the capability NET_ADMIN" : text;
  }
}
