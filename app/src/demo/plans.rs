//! The tenders of the demo that its buyer decides alone, in every state.

use super::trade::Plan;
use jiff::SignedDuration;

const DAY: i64 = 24;

pub(super) const AWARDED: Plan = Plan {
    title: "精密车间能耗监测平台建设",
    method: "open",
    category: "it-platform",
    region: "33",
    summary: "为三个精密加工车间建设能耗监测平台：采集电、气、水表计数据，按班组与设备统计，提供异常提醒和月度报表，含一年运维。",
    lots: &[("能耗监测平台", "800000")],
    bidding: SignedDuration::from_hours(DAY * 7),
};

pub(super) const FAILED: Plan = Plan {
    title: "厂区访客预约小程序开发",
    method: "quotation",
    category: "it-software",
    region: "33",
    summary: "开发厂区访客预约小程序：预约、审批、闸机通行码与车牌登记，与现有门禁对接，上线后提供半年免费维护。",
    lots: &[("访客预约小程序", "200000")],
    bidding: SignedDuration::from_hours(DAY * 5),
};

pub(super) const ENDED: Plan = Plan {
    title: "停车场车牌识别改造",
    method: "quotation",
    category: "it-hardware",
    region: "33",
    summary: "更换东西两个停车场入口的车牌识别设备，与访客预约对接，识别率不低于百分之九十九，质保两年。",
    lots: &[("车牌识别设备", "160000")],
    bidding: SignedDuration::from_hours(DAY * 6),
};

pub(super) const EVALUATED: Plan = Plan {
    title: "工艺文件数字化加工服务",
    method: "open",
    category: "it-data",
    region: "33",
    summary: "将约十二万页历史工艺文件扫描、识别、校对并按零件号建库，识别准确率不低于百分之九十九点五，分三批交付。",
    lots: &[("工艺文件数字化", "480000")],
    bidding: SignedDuration::from_hours(DAY * 8),
};

pub(super) const OPEN: Plan = Plan {
    title: "机器视觉质检系统升级",
    method: "open",
    category: "it-ai",
    region: "33",
    summary: "升级两条产线的机器视觉质检系统：更换算法与推理设备，缺陷检出率不低于百分之九十九，节拍不高于零点八秒，含联调与培训。",
    lots: &[("一号产线质检系统", "1300000"), ("二号产线质检系统", "1200000")],
    bidding: SignedDuration::from_hours(DAY * 9),
};

/// What its buyer makes of it two days before now: a bid for the first lot is to be confirmed.
pub(super) const AMENDED: &str = "升级两条产线的机器视觉质检系统：更换算法与推理设备，缺陷检出率不低于百分之九十九，节拍不高于零点六秒，含联调、培训与一年质保。";

pub(super) const QUOTATION: Plan = Plan {
    title: "设计部图形工作站采购",
    method: "quotation",
    category: "it-hardware",
    region: "33",
    summary: "采购图形工作站二十台：处理器不少于十六核，内存六十四吉字节，专业显卡，三年上门保修，到货后十个工作日内完成部署。",
    lots: &[("图形工作站二十台", "360000")],
    bidding: SignedDuration::from_hours(DAY * 6),
};

pub(super) const DRAFT: Plan = Plan {
    title: "年度信息系统运维服务",
    method: "open",
    category: "it-ops",
    region: "33",
    summary: "下一年度服务器、数据库和办公系统的驻场运维服务，工作日八小时驻场，夜间与节假日一小时内响应。",
    lots: &[("驻场运维服务", "560000")],
    bidding: SignedDuration::from_hours(DAY * 20),
};
