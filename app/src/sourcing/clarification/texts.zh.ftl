done-question-asked = 问题已提交，招标人看不到是谁提的。
done-question-answered = 答复已公开给所有人。
error-own-tender = 不能参与本公司自己的招标
error-questions-ended = 提问已经截止（{ $until }）
error-question-answered = 这个问题已经答复过
error-answers-ended = 投标已截止，不能再答复
clarification-question = 问题
clarification-answer = 答复
