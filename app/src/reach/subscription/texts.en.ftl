# Subscriptions to notices
subscription = Subscription to notices
subscription-lead = New notices stand in your inbox one by one, some ten minutes after they were published.
subscription-off-text = Until you switch it on nothing is collected and nothing is sent. It is for you to decide; nothing else depends on it. Notices are open to everybody, and there is an Atom feed of them.
subscription-new = Nothing is chosen yet
subscription-new-text = Choose categories or regions and save. Notices that are published from then on stand in your inbox one by one.
subscription-kinds = Kinds of notice
subscription-kinds-hint = None chosen means all kinds.
subscription-categories = Categories
subscription-regions = Regions
subscription-keep = Save the subscription
subscription-consequence = From now on you are told of new notices in your choice only. Switch mails on under “Notifications” if you want them too.
subscription-end-text = Switching it off stops it at once; what you chose, and the notifications that you were sent, are deleted.
subscription-because = Only you see what you subscribe to. It lies sealed and is opened to tell you and for this page only, each time on record.
done-subscription-kept = Subscription saved
opener-subscription-tell = The platform’s subscription service
held-subscription-followed = subscription to notices
erased-subscription = kinds, categories and regions of the subscription to notices
