package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of expressions: NFTA_LIST_ELEM around NFTA_EXPR_NAME and NFTA_EXPR_DATA. */
public final class ExpressionCodec {

  private static final int NFTA_LIST_ELEM = 1;
  private static final int NFTA_EXPR_NAME = 1;
  private static final int NFTA_EXPR_DATA = 2;

  private ExpressionCodec() {}

  /** Writes the elements of the list, in order. */
  public static void write(MessageWriter writer, List<Expression> expressions) {
    for (Expression expression : expressions) {
      int element = writer.beginNested(NFTA_LIST_ELEM);
      writeOne(writer, expression);
      writer.endAttribute(element);
    }
  }

  /** Writes what is inside the attribute of a single expression. */
  public static void writeOne(MessageWriter writer, Expression expression) {
    writer.attributeString(NFTA_EXPR_NAME, expression.kind());
    int data = writer.beginNested(NFTA_EXPR_DATA);
    expression.write(writer);
    writer.endAttribute(data);
  }

  /** Reads the elements of the list. What is not known becomes {@link Opaque}. */
  public static List<Expression> read(AttributeReader list) {
    List<Expression> expressions = new ArrayList<>();
    while (list.next()) {
      if (list.type() == NFTA_LIST_ELEM) {
        expressions.add(readOne(list.nested()));
      }
    }
    return List.copyOf(expressions);
  }

  /** Reads what is inside the attribute of a single expression. */
  public static Expression readOne(AttributeReader element) {
    String kind = "";
    Bytes raw = Bytes.EMPTY;
    Expression known = null;
    while (element.next()) {
      switch (element.type()) {
        case NFTA_EXPR_NAME -> kind = element.string();
        case NFTA_EXPR_DATA -> {
          raw = Bytes.wrap(element.bytes());
          known = readKnown(kind, element.nested());
        }
        default -> {}
      }
    }
    if (known != null) {
      return known;
    }
    return kind.equals("notrack") ? new NoTrack() : new Opaque(kind, raw);
  }

  private static @Nullable Expression readKnown(String kind, AttributeReader data) {
    return switch (kind) {
      case "payload" -> Payload.read(data);
      case "meta" -> MetaAttributes.read(data);
      case "ct" -> CtAttributes.read(data);
      case "cmp" -> Cmp.read(data);
      case "range" -> Range.read(data);
      case "bitwise" -> Bitwise.read(data);
      case "immediate" -> ImmediateAttributes.read(data);
      case "lookup" -> Lookup.read(data);
      case "numgen" -> NumberGenerator.read(data);
      case "masq" -> Masquerade.read(data);
      case "nat" -> Nat.read(data);
      case "reject" -> Reject.read(data);
      case "counter" -> Counter.read(data);
      case "objref" -> ObjectReferenceAttributes.read(data);
      case "fib" -> Fib.read(data);
      case "dynset" -> DynamicSet.read(data);
      case "log" -> Log.read(data);
      case "limit" -> Limit.read(data);
      case XtMatch.KIND -> XtAttributes.readMatch(data);
      case XtTarget.KIND -> XtAttributes.readTarget(data);
      default -> null;
    };
  }
}
