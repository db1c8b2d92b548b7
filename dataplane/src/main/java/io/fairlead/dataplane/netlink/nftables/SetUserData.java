package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import java.util.List;
import java.util.Map;

/** A set's user data: enum nftnl_udata_set_types of libnftnl/udata.h. */
record SetUserData(Bytes keyTypeof, Bytes dataTypeof, String comment) {

  static final SetUserData EMPTY = new SetUserData(Bytes.EMPTY, Bytes.EMPTY, "");

  private static final int KEY_BYTE_ORDER = 0;
  private static final int DATA_BYTE_ORDER = 1;
  private static final int KEY_TYPEOF = 3;
  private static final int DATA_TYPEOF = 4;
  private static final int DATA_INTERVAL = 6;
  private static final int COMMENT = 7;

  /** Inside a typeof: which expression it is, and its own part. */
  private static final int TYPEOF_EXPRESSION = 0;

  private static final int TYPEOF_DATA = 1;
  private static final int EXPR_VERDICT = 1;

  /** The kernel's limit on all user data of an object: NFT_USERDATA_MAXLEN. */
  private static final int LIMIT = 256;

  static byte[] write(NfSet set) {
    UserData types = new UserData().putU32(KEY_BYTE_ORDER, byteOrder(set.key()));
    switch (set.data()) {
      case SetData.Verdicts _ -> types.putU32(DATA_BYTE_ORDER, 0);
      case SetData.Values values -> types.putU32(DATA_BYTE_ORDER, byteOrder(values.fields()));
      case SetData.None _, SetData.Objects _ -> {}
    }
    putTypeof(types, KEY_TYPEOF, FieldList.typeof(set.key()));
    switch (set.data()) {
      case SetData.Verdicts _ ->
          types.put(
              DATA_TYPEOF,
              new UserData()
                  .putU32(TYPEOF_EXPRESSION, EXPR_VERDICT)
                  .put(TYPEOF_DATA, new UserData()));
      case SetData.Values values ->
          putTypeof(types, DATA_TYPEOF, FieldList.typeof(values.fields()));
      case SetData.None _, SetData.Objects _ -> {}
    }
    if (set.isMap()) {
      types.putU32(DATA_INTERVAL, 0);
    }
    byte[] result = types.putComment(COMMENT, set.comment()).toArray();
    if (result.length > LIMIT) {
      throw new IllegalArgumentException(
          set.kind()
              + " "
              + set.name()
              + ": the description of its types and its comment take "
              + result.length
              + " bytes and the kernel keeps "
              + LIMIT
              + "; shorten the comment");
    }
    return result;
  }

  private static void putTypeof(UserData types, int type, UserData typeof) {
    if (!typeof.isEmpty()) {
      types.put(type, typeof);
    }
  }

  /**
   * enum byteorder of nftables' datatype.h: 0 for a join, 1 for the host's, 2 for the network's.
   */
  private static int byteOrder(List<Field> fields) {
    if (fields.size() > 1) {
      return 0;
    }
    return fields.getFirst().type().isBigEndian() ? 2 : 1;
  }

  static SetUserData read(byte[] content) {
    Map<Integer, byte[]> entries = UserData.parse(content);
    return new SetUserData(
        Bytes.of(entries.getOrDefault(KEY_TYPEOF, new byte[0])),
        Bytes.of(entries.getOrDefault(DATA_TYPEOF, new byte[0])),
        UserData.string(entries, COMMENT));
  }
}
