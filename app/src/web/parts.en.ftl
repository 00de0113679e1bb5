# What the common parts say themselves.
part-because = Why you can see this:{" "}
part-optional = optional
part-colon = :{" "}
part-wrong = { $n ->
    [one] One answer needs a change before you can go on
   *[other] { $n } answers need a change before you can go on
}
part-copy = Copy
part-close = Close
part-pages = Pages
part-newer = Newer
part-older = Older
part-now = now
part-purpose = Purpose
part-basis = Basis
part-others = Who else can see it
part-sealed = Not shown to you
part-who-looked = Who looked
