package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/** NFTA_DATA attributes: a value or a verdict, wherever the kernel keeps either. */
public final class Data {

  /** enum nft_data_attributes. */
  private static final int NFTA_DATA_VALUE = 1;

  private static final int NFTA_DATA_VERDICT = 2;

  /** enum nft_verdict_attributes. */
  private static final int NFTA_VERDICT_CODE = 1;

  private static final int NFTA_VERDICT_CHAIN = 2;

  private Data() {}

  /** Writes {@code value} inside an attribute of {@code type}. */
  public static void write(MessageWriter writer, int type, Bytes value) {
    int data = writer.beginNested(type);
    value.writeAttribute(writer, NFTA_DATA_VALUE);
    writer.endAttribute(data);
  }

  /** Writes {@code verdict} inside an attribute of {@code type}. */
  public static void write(MessageWriter writer, int type, Verdict verdict) {
    int data = writer.beginNested(type);
    int inner = writer.beginNested(NFTA_DATA_VERDICT);
    writer.attributeU32Be(NFTA_VERDICT_CODE, verdict.kind().code());
    if (!verdict.chain().isEmpty()) {
      writer.attributeString(NFTA_VERDICT_CHAIN, verdict.chain());
    }
    writer.endAttribute(inner).endAttribute(data);
  }

  /** The value inside {@code attribute}; empty if there is none. */
  public static Bytes value(AttributeReader attribute) {
    AttributeReader data = attribute.nested();
    while (data.next()) {
      if (data.type() == NFTA_DATA_VALUE) {
        return Bytes.wrap(data.bytes());
      }
    }
    return Bytes.EMPTY;
  }

  /** The verdict inside {@code attribute}, or null if it holds a value or an unknown verdict. */
  public static @Nullable Verdict verdict(AttributeReader attribute) {
    AttributeReader data = attribute.nested();
    while (data.next()) {
      if (data.type() == NFTA_DATA_VERDICT) {
        return readVerdict(data.nested());
      }
    }
    return null;
  }

  private static @Nullable Verdict readVerdict(AttributeReader attributes) {
    Verdict.Kind kind = null;
    String chain = "";
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_VERDICT_CODE -> kind = Verdict.Kind.of(attributes.u32Be());
        case NFTA_VERDICT_CHAIN -> chain = attributes.string();
        default -> {}
      }
    }
    return kind == null ? null : new Verdict(kind, chain);
  }
}
